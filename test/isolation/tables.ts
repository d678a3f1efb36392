import type { RouteTable } from './route-table.ts';
import { amanda } from './routes/amanda.ts';
import { api } from './routes/api.ts';
import { chatSessions } from './routes/chat-sessions.ts';
import { conversations } from './routes/conversations.ts';
import { flutter } from './routes/flutter.ts';
import { histories } from './routes/histories.ts';
import { server } from './routes/server.ts';

/** How to call every route there is. A new dialect is a file and a line here. */
export const tables: Readonly<Record<string, RouteTable>> = {
  server,
  api,
  histories,
  conversations,
  chatSessions,
  amanda,
  flutter,
};
