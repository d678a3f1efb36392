import type { UserId } from '../users/user.ts';
import type { SearchKind, SearchMark, SearchTable } from './search-table.ts';

/** What has changed since the index was written: its words are not in the index, or no longer those that are. */
export type SearchTail = Readonly<Record<SearchKind, ReadonlySet<number>>> & {
  /** Whether the index is to be written soon: more than a search should read besides. */
  isLong: boolean;
};

/** So many changes are read beside the index, the newest: where the indexer is behind, a search gives what there is. */
const mostChanges = 2_000;
/** So many changes of a user are worth writing the index. */
export const manyChanges = 500;

export async function readTail(
  search: SearchTable,
  userId: UserId,
  mark: SearchMark | undefined,
): Promise<SearchTail> {
  const after = mark?.position ?? 0;
  const { messageIds, chatIds, count } = await search.touched(userId, {
    after,
    limit: mostChanges,
    oldest: false,
  });
  const isBuilding = count > 0 && mark?.built !== null;
  return {
    message: new Set(messageIds),
    chat: new Set(chatIds),
    isLong: count >= 2 * manyChanges || isBuilding,
  };
}
