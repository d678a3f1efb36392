import { defineDialect } from '../kit/define-dialect.ts';
import { auth } from './auth.ts';
import { renderError } from './errors.ts';
import { messages } from './messages.ts';
import { sessions } from './sessions.ts';

/** The API that its README calls the Chat Application Backend: token pairs, page numbers, and clients that bring their own answers. */
export const chatSessions = defineDialect({
  name: 'chat-sessions',
  prefixes: ['/auth', '/chat'],
  sections: [auth, sessions, messages],
  accepts: ['bearer'],
  renderError,
});
