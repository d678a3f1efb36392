import type { RouteTable } from '../route-table.ts';

const chat = { conversationId: 'chat.id' } as const;

export const conversations: RouteTable = {
  'GET /api/test': {},
  'POST /api/signup': { body: { username: 'newcomer-c', password: 'a password' }, status: 201 },
  'POST /api/login': { body: { username: 'nobody', password: 'a password' }, status: 401 },
  'GET /api/logout': {},
  'POST /api/logout': {},
  'POST /api/logout/:userId': { path: { userId: 'user.id' } },
  'GET /api/current_user': {},
  'GET /api/conversations': {},
  'POST /api/conversations': { body: { name: 'taken over' }, status: 201 },
  'PUT /api/conversations/:conversationId': { path: chat, body: { name: 'taken over' } },
  'DELETE /api/conversations/:conversationId': { path: chat, status: 204 },
  'POST /api/conversations/:conversationId/messages': {
    path: chat,
    body: { text: 'taken over' },
    status: 201,
  },
};
