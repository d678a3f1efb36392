/** Where the next page begins: among the titles after a chat, then among the messages. */
export type SearchCursor =
  | { in: 'chats'; before: number }
  | {
      in: 'messages';
      /** The messages that are ranked together: from the newest to the oldest; 0 where the oldest is not known yet. */
      newest: number;
      oldest: number;
      /** The last one given of these; null: none yet. */
      last: Rank | null;
    };

/** What goes before what: side by side before scattered, then the newest. */
export type Rank = { together: boolean; id: number };

export const compareRanks = (a: Rank, b: Rank): number =>
  Number(b.together) - Number(a.together) || b.id - a.id;
