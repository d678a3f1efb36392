import { amanda } from './amanda/index.ts';
import { chatSessions } from './chat-sessions/index.ts';
import { conversations } from './conversations/index.ts';
import { flutter } from './flutter/index.ts';
import { histories } from './histories/index.ts';
import type { Dialect } from './kit/define-dialect.ts';

/** Every dialect there is. A new one is a folder and a line here. */
export const dialects: readonly Dialect[] = [histories, conversations, chatSessions, amanda, flutter];
