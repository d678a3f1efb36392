import { inBothSpellings } from '../kit/both-slashes.ts';
import { defineDialect } from '../kit/define-dialect.ts';
import { chats } from './chats.ts';
import { renderError } from './errors.ts';
import { messages } from './messages.ts';
import { sockets } from './socket.ts';
import { uploads } from './uploads.ts';
import { users } from './users.ts';

/** The API that its README calls the Python backend of the AI Chatbot Flutter application: UUIDs, Bearer tokens, `/ws`. */
export const flutter = defineDialect({
  name: 'flutter',
  prefixes: ['/token', '/users', '/chats', '/upload', '/uploads', '/ws'],
  sections: [users, chats, messages, uploads].map(inBothSpellings),
  accepts: ['bearer'],
  renderError,
  sockets,
  anyLoopbackPort: true,
});
