import { defineDialect } from '../kit/define-dialect.ts';
import { auth } from './auth.ts';
import { branding } from './branding.ts';
import { chats } from './chats.ts';
import { renderError } from './errors.ts';
import { sockets } from './socket.ts';
import { users } from './users.ts';

/** The API that its README calls the Amanda Backend Service: cookies by email, integer ids, replies over Socket.IO. */
export const amanda = defineDialect({
  name: 'amanda',
  prefixes: ['/api/auth', '/api/user', '/api/chat', '/api/branding', '/socket.io'],
  sections: [auth, users, chats, branding],
  accepts: ['cookie'],
  renderError,
  sockets,
});
