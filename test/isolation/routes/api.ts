import type { RouteTable } from '../route-table.ts';

const chat = { id: 'chat.uuid' } as const;
const message = { id: 'message.uuid' } as const;
const file = { id: 'file.uuid' } as const;
const reply = { id: 'reply.uuid' } as const;

export const api: RouteTable = {
  'POST /api/v1/auth/register': { body: { username: 'newcomer-v1', password: 'a password' }, status: 201 },
  'POST /api/v1/auth/sign-in': { body: { login: 'nobody', password: 'a password' }, status: 401 },
  'POST /api/v1/auth/refresh': { body: { refresh_token: 'a.b.c' }, status: 401 },
  'POST /api/v1/auth/sign-out': { status: 204 },
  'GET /api/v1/me': {},
  'PATCH /api/v1/me': { body: { first_name: 'Other' } },
  'POST /api/v1/me/password': {
    body: { current_password: 'wrong', new_password: 'a password' },
    status: 401,
  },
  'POST /api/v1/chats': { body: { title: 'taken over' }, status: 201 },
  'GET /api/v1/chats': {},
  'GET /api/v1/chats/:id': { path: chat },
  'PATCH /api/v1/chats/:id': { path: chat, body: { title: 'taken over', pinned: true } },
  'DELETE /api/v1/chats/:id': { path: chat, status: 204 },
  'POST /api/v1/chats/:id/clear': { path: chat },
  'POST /api/v1/chats/:id/messages': {
    path: chat,
    named: { reply_to_id: 'message.uuid', media_urls: 'file.urls', image_url: 'file.url' },
    body: { text: 'taken over' },
    status: 202,
  },
  'GET /api/v1/chats/:id/messages': { path: chat },
  'POST /api/v1/chats/:id/typing': { path: chat, body: { is_typing: true }, status: 204 },
  'GET /api/v1/messages/:id': { path: message },
  'PATCH /api/v1/messages/:id': { path: message, body: { text: 'taken over' } },
  'DELETE /api/v1/messages/:id': { path: message, status: 204 },
  'POST /api/v1/messages/:id/branches': { path: message, body: {}, status: 202 },
  'GET /api/v1/messages/:id/branches': { path: message },
  'POST /api/v1/messages/:id/activate': { path: message },
  'POST /api/v1/messages/:id/delivery': { path: message, body: { delivery: 'read' } },
  'GET /api/v1/messages/:id/reply': { path: message },
  // It reads multipart forms, not JSON.
  'POST /api/v1/attachments': { status: 400 },
  'GET /api/v1/attachments/:id': { path: file },
  'DELETE /api/v1/attachments/:id': { path: file, status: 204 },
  'GET /api/v1/replies/:id': { path: reply },
  'GET /api/v1/replies/:id/events': { path: reply },
  'POST /api/v1/replies/:id/stop': { path: reply },
  'POST /api/v1/replies/:id/continue': { path: reply, status: 409 },
  'POST /api/v1/replies/:id/regenerate': { path: reply, status: 202 },
  'GET /api/v1/events': { endless: true },
  'GET /api/v1/models': {},
  // Nothing here hears or speaks.
  'POST /api/v1/transcriptions': { status: 422 },
  'POST /api/v1/speech': { body: { text: 'taken over' }, status: 422 },
  'GET /api/v1/usage': {},
  'GET /api/v1/search': { query: '?q=text' },
};
