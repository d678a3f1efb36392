import { prepared, type Placeholders } from '../storage/prepare.ts';
import type { Builder } from '../storage/schema.ts';

type Page = { after: number; limit: number };

/** Everything of a user, by who it belongs to and in the order in which it was made. */
export const exportQueries = (builder: Builder) => ({
  users: prepared((p: Placeholders<Page>) =>
    builder.selectFrom('users').selectAll().where('id', '>', p('after')).orderBy('id').limit(p('limit')),
  ),
  user: prepared((p: Placeholders<{ key: string }>) =>
    builder
      .selectFrom('users')
      .selectAll()
      .where((where) => where.or([where('username_key', '=', p('key')), where('email_key', '=', p('key'))])),
  ),
  chats: prepared((p: Placeholders<Page & { user_id: number }>) =>
    builder
      .selectFrom('chats')
      .selectAll()
      .where('user_id', '=', p('user_id'))
      .where('id', '>', p('after'))
      .orderBy('id')
      .limit(p('limit')),
  ),
  messages: prepared((p: Placeholders<Page & { chat_id: number }>) =>
    builder
      .selectFrom('messages')
      .selectAll()
      .where('chat_id', '=', p('chat_id'))
      .where('id', '>', p('after'))
      .orderBy('id')
      .limit(p('limit')),
  ),
  replies: prepared((p: Placeholders<Page & { chat_id: number }>) =>
    builder
      .selectFrom('replies')
      .selectAll()
      .where('chat_id', '=', p('chat_id'))
      .where('id', '>', p('after'))
      .orderBy('id')
      .limit(p('limit')),
  ),
  textSoFar: prepared((p: Placeholders<{ reply_id: number }>) =>
    builder.selectFrom('reply_deltas').select('text').where('reply_id', '=', p('reply_id')).orderBy('start'),
  ),
  attachments: prepared((p: Placeholders<Page & { user_id: number }>) =>
    builder
      .selectFrom('attachments')
      .selectAll()
      .where('user_id', '=', p('user_id'))
      .where('id', '>', p('after'))
      .orderBy('id')
      .limit(p('limit')),
  ),
});

export type ExportQueries = ReturnType<typeof exportQueries>;
