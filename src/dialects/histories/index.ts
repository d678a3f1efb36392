import { defineDialect } from '../kit/define-dialect.ts';
import { auth } from './auth.ts';
import { chats } from './chats.ts';
import { renderError } from './errors.ts';
import { messages } from './messages.ts';
import { questions } from './questions.ts';

/** The API that its README calls the Python Flask backend of the AI Chat Application: Bearer tokens, integer ids, replies in the answer. */
export const histories = defineDialect({
  name: 'histories',
  prefixes: ['/api/auth', '/api/chat', '/api/messages'],
  sections: [auth, chats, messages, questions],
  accepts: ['bearer'],
  renderError,
});
