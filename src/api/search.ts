import Type, { type Static } from 'typebox';
import type { SearchHit } from '../core/search/search.ts';
import { searchLength } from '../core/search/parse-search.ts';
import type { SearchCursor } from '../core/search/search-cursor.ts';
import type { ApiRoutes } from './api-options.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { searchHit as example } from './examples.ts';
import { isoTime } from './iso-time.ts';
import { Cursor, defaultLimit, Limit } from './parameters.ts';
import { problems } from './problem.ts';

const OrNull = (description: string) => Type.Unsafe<string | null>({ type: ['string', 'null'], description });
const SearchHitWire = Type.Object(
  {
    type: Type.Unsafe<'chat' | 'message'>({
      type: 'string',
      enum: ['chat', 'message'],
      description: 'A chat is found by its title.',
    }),
    chat_id: Type.String({ format: 'uuid' }),
    chat_title: Type.String(),
    message_id: OrNull('null for a chat.'),
    role: OrNull('`user` or `assistant`; null for a chat.'),
    created_at: Type.String({ format: 'date-time' }),
    snippet: Type.Object(
      {
        text: Type.String(),
        hits: Type.Unsafe<[number, number][]>({
          type: 'array',
          items: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 2, maxItems: 2 },
          description: 'The first and one past the last UTF-16 code unit of what was found in `text`.',
        }),
      },
      { description: 'The part of the message, or of the title, that shows most of what was asked for.' },
    ),
  },
  { examples: [example] },
);
const SearchPage = Type.Object(
  {
    items: Type.Array(SearchHitWire),
    next_cursor: OrNull('null at the end.'),
  },
  { description: 'What was found, the best first.', examples: [{ items: [example], next_cursor: null }] },
);
const SearchQuery = Type.Object({
  q: Type.String({
    description: `Words, in any case and with or without accents; at most ${searchLength} UTF-16 code units. "Between quotes" they stand side by side.`,
    examples: ['algebra'],
  }),
  cursor: Cursor,
  limit: Limit,
});

/** What was said, found again. */
export const searchRoutes: ApiRoutes = async (app, { core }) => {
  app.get(
    '/search',
    {
      config: { access: 'user' },
      schema: {
        tags: ['search'],
        operationId: 'search',
        summary: 'Find messages and chats by their words',
        description:
          'All words have to be there. Titles come first, then messages in which the words stand side by side as asked, then the others; of equals the newest. A page may be short before the end: go on while there is a cursor.',
        querystring: SearchQuery,
        response: {
          200: SearchPage,
          ...problems({ codes: ['search-empty', 'text-not-unicode', 'cursor-invalid'] }),
        },
      },
    },
    async ({ actor, query }) => {
      const { q, cursor, limit = defaultLimit } = query;
      const after = cursor === undefined ? null : toSearchCursor(cursor);
      const { hits, next } = await core.search.find(actor, { text: q, after, limit });
      return { items: hits.map(presentHit), next_cursor: next && toWireCursor(next) };
    },
  );
};

const presentHit = ({ chat, message, createdAt, snippet }: SearchHit): Static<typeof SearchHitWire> => ({
  type: message ? 'message' : 'chat',
  chat_id: chat.uuid,
  chat_title: chat.title,
  message_id: message?.uuid ?? null,
  role: message?.role ?? null,
  created_at: isoTime(createdAt),
  snippet,
});

/** The rank of the last one given as a number; 0 where none was given. */
const ranks = { none: 0, apart: 1, together: 2 } as const;

function toWireCursor(cursor: SearchCursor): string {
  if (cursor.in === 'chats') return encodeCursor('titles', cursor.before);
  const { newest, oldest, last } = cursor;
  const rank = last?.together === true ? ranks.together : ranks.apart;
  return encodeCursor('found', newest, oldest, last ? rank : ranks.none, last?.id ?? 0);
}

function toSearchCursor(wire: string): SearchCursor {
  const { kind, numbers } = decodeCursor(wire, { titles: 1, found: 4 });
  if (kind === 'titles') return { in: 'chats', before: numbers[0] ?? 0 };
  const [newest = 0, oldest = 0, rank = ranks.none, id = 0] = numbers;
  return {
    in: 'messages',
    newest,
    oldest,
    last: rank === ranks.none ? null : { together: rank === ranks.together, id },
  };
}
