import { defineDialect } from '../kit/define-dialect.ts';
import { auth } from './auth.ts';
import { chats } from './chats.ts';
import { renderError } from './errors.ts';
import { messages } from './messages.ts';

/** The API that its README calls the AI Chatbot Backend: a session cookie, no email, integer ids, replies in the answer. */
export const conversations = defineDialect({
  name: 'conversations',
  prefixes: [
    '/api/test',
    '/api/signup',
    '/api/login',
    '/api/logout',
    '/api/current_user',
    '/api/conversations',
  ],
  sections: [auth, chats, messages],
  // Its clients send cookies alone; where there is a header too, the header decides.
  accepts: ['bearer', 'cookie'],
  renderError,
});
