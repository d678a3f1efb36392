import type { RouteTable } from '../route-table.ts';

const chat = { chatId: 'chat.uuid' } as const;

const declared: RouteTable = {
  // It reads forms, not JSON.
  'POST /token': { status: 422 },
  'POST /users/': {
    body: { username: 'newcomer-f', email: 'newcomer-f@example.com', password: 'a password' },
  },
  'GET /users/me': {},
  // It reads multipart forms, not JSON.
  'POST /upload/': { status: 422 },
  'GET /chats/': {},
  'POST /chats/': { body: { title: 'taken over' } },
  'GET /chats/:chatId': { path: chat },
  'PUT /chats/:chatId': { path: chat, body: { title: 'taken over', is_pinned: true } },
  'DELETE /chats/:chatId': { path: chat },
  'GET /chats/:chatId/messages/': { path: chat },
  'POST /chats/:chatId/messages/': {
    path: chat,
    named: { reply_to_id: 'message.uuid', media_urls: 'file.urls' },
    body: { content: 'taken over', type: 'text' },
  },
};

const otherSpelling = (route: string) => (route.endsWith('/') ? route.slice(0, -1) : `${route}/`);

/** Every route answers with a slash at its end and without. */
export const flutter: RouteTable = {
  ...declared,
  ...Object.fromEntries(
    Object.entries(declared).map(([route, entry]) => [
      otherSpelling(route),
      // The name of the first is taken by then.
      route === 'POST /users/' ? { ...entry, status: 400 } : entry,
    ]),
  ),
};
