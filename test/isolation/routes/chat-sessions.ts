import type { RouteTable } from '../route-table.ts';

const chat = { sessionId: 'chat.id' } as const;
const message = { sessionId: 'chat.id', messageId: 'message.id' } as const;

export const chatSessions: RouteTable = {
  'POST /auth/register': {
    body: { username: 'newcomer_s', email: 'newcomer_s@example.com', password: 'Aa345678' },
    status: 201,
  },
  'POST /auth/login': { body: { username: 'nobody', password: 'Aa345678' }, status: 401 },
  'POST /auth/refresh': { status: 401, takesRefreshToken: true },
  'GET /auth/profile': {},
  'PUT /auth/profile': { body: { username: 'renamed' } },
  'POST /auth/logout': {},
  'GET /auth/verify': {},
  'POST /chat/sessions': { body: { title: 'taken over' }, status: 201 },
  'GET /chat/sessions': {},
  'GET /chat/sessions/:sessionId': { path: chat },
  'PUT /chat/sessions/:sessionId': { path: chat, body: { title: 'taken over' } },
  'DELETE /chat/sessions/:sessionId': { path: chat },
  'POST /chat/sessions/:sessionId/messages': {
    path: chat,
    body: { text: 'taken over', sender: 'user' },
    status: 201,
  },
  'GET /chat/sessions/:sessionId/messages': { path: chat },
  'DELETE /chat/sessions/:sessionId/messages': { path: chat },
  'GET /chat/sessions/:sessionId/messages/:messageId': { path: message },
  'PUT /chat/sessions/:sessionId/messages/:messageId': { path: message, body: { text: 'taken over' } },
  'DELETE /chat/sessions/:sessionId/messages/:messageId': { path: message },
};
