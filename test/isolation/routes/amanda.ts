import type { RouteTable } from '../route-table.ts';

const chat = { chatId: 'chat.id' } as const;

export const amanda: RouteTable = {
  'POST /api/auth/signup': { body: { email: 'newcomer-a@example.com', password: 'a password' }, status: 201 },
  'POST /api/auth/login': { body: { email: 'nobody@example.com', password: 'a password' }, status: 401 },
  'POST /api/auth/logout': {},
  'GET /api/auth/check': {},
  'GET /api/user/profile': {},
  'PATCH /api/user/profile': { body: { first_name: 'Other' } },
  'DELETE /api/user/account': { removesAccount: true },
  'GET /api/chat/list': {},
  'POST /api/chat/create': { body: { title: 'taken over' }, status: 201 },
  'GET /api/chat/:chatId/messages': { path: chat },
  'PUT /api/chat/:chatId/rename': { path: chat, body: { title: 'taken over' } },
  'DELETE /api/chat/:chatId': { path: chat },
  'GET /api/branding': {},
};
