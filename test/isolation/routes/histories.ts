import { pngOf } from '../../support/made-images.ts';
import type { RouteTable } from '../route-table.ts';

const chat = { chatId: 'chat.id' } as const;
const image = pngOf({ width: 1, height: 1 }).toString('base64');

export const histories: RouteTable = {
  'POST /api/auth/register': {
    body: { username: 'newcomer-h', email: 'newcomer-h@example.com', password: 'a password' },
    status: 201,
  },
  'POST /api/auth/login': { body: { username: 'nobody', password: 'a password' }, status: 401 },
  'GET /api/auth/me': {},
  'POST /api/auth/logout': {},
  'GET /api/chat/histories': {},
  'POST /api/chat/create': { body: { title: 'taken over' }, status: 201 },
  'GET /api/chat/:chatId': { path: chat },
  'DELETE /api/chat/:chatId/delete': { path: chat },
  'POST /api/chat/:chatId/clear': { path: chat },
  'POST /api/messages/:chatId/send': {
    path: chat,
    named: { image_url: 'file.url' },
    body: { text: 'taken over' },
  },
  'POST /api/messages/:chatId/send-image-query': { path: chat, body: { image, query: 'x' }, status: 201 },
  'GET /api/messages/:chatId/messages': { path: chat },
  'DELETE /api/messages/:messageId': { path: { messageId: 'message.id' } },
  'POST /api/chat': { body: { message: 'hello' } },
  'POST /api/chat/image': { body: { image, question: 'x' } },
};
