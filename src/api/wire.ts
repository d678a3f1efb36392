import Type, { type Static, type TObject, type TSchema } from 'typebox';
import type { Chat } from '../core/chats/chat.ts';
import type { Message, VersionedMessage } from '../core/messages/message.ts';
import type { Reply } from '../core/replies/reply.ts';
import type { User } from '../core/users/user.ts';
import * as examples from './examples.ts';
import { isoTime } from './iso-time.ts';

// One `type` list instead of a union: the serialiser writes it without trying out alternatives.
export const nullable = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({ ...schema, type: [(schema as { type?: string }).type, 'null'] });
export const Id = Type.String({ format: 'uuid' });
export const Time = Type.String({ format: 'date-time', description: 'UTC, ISO 8601 with Z' });
const Count = Type.Integer({ minimum: 0 });
/** Names a schema, so that others can refer to it. */
export const resource = <Schema extends TObject>($id: string, schema: Schema): Schema =>
  Object.assign(schema, { $id, additionalProperties: false });

/** A place where a resource of this API stands in a schema. */
export const refTo = <Schema extends TSchema>(schema: Schema) =>
  Type.Unsafe<Static<Schema>>({ $ref: `${(schema as { $id?: string }).$id ?? ''}#` });

export const UserWire = resource(
  'User',
  Type.Object(
    {
      id: Id,
      username: nullable(Type.String()),
      email: nullable(Type.String()),
      first_name: nullable(Type.String()),
      role: Type.Enum(['user', 'admin']),
      created_at: Time,
      updated_at: Time,
    },
    { description: 'A person with an account.', examples: [examples.user] },
  ),
);

export const TokensWire = resource(
  'Tokens',
  Type.Object(
    {
      token_type: Type.Enum(['Bearer']),
      access_token: Type.String(),
      access_expires_at: Time,
      refresh_token: Type.String(),
      refresh_expires_at: Time,
    },
    {
      description:
        'A login as two tokens. Send the access token as `Authorization: Bearer`; trade the refresh token for the next pair before or after it expires.',
      examples: [examples.tokens],
    },
  ),
);

export const ChatWire = resource(
  'Chat',
  Type.Object(
    {
      id: Id,
      title: Type.String(),
      pinned: Type.Boolean(),
      model: nullable(Type.String()),
      system_prompt: nullable(Type.String()),
      temperature: nullable(Type.Number()),
      max_output_tokens: nullable(Type.Integer()),
      message_count: Count,
      last_message_at: nullable(Time),
      last_message_text: Type.String({ description: 'The first 200 characters of the newest message.' }),
      revision: Type.Integer({ description: 'Counts the changes of title and pin; the ETag.' }),
      created_at: Time,
      updated_at: Time,
    },
    { description: 'A conversation with the AI.', examples: [examples.chat] },
  ),
);

export const MessageWire = resource(
  'Message',
  Type.Object(
    {
      id: Id,
      chat_id: Id,
      role: Type.Enum(['user', 'assistant']),
      state: Type.Enum(['writing', 'complete', 'stopped', 'interrupted', 'failed'], {
        description: "`writing` while the reply goes on; then how it ended. A user's message is `complete`.",
      }),
      text: Type.String({ description: 'While `writing`: what there is so far.' }),
      type: Type.String({ description: 'What its client says it is: `text`, `image`, `audio`...' }),
      image_url: nullable(Type.String()),
      media_urls: Type.Array(Type.String(), {
        description: 'Stored, and never fetched; those of its attachments among them.',
      }),
      reply_to_id: nullable(Id),
      delivery: Type.Enum(['sent', 'delivered', 'read'], {
        description: 'How far it has come. It only goes forward.',
      }),
      active: Type.Boolean({ description: 'Whether it is on the branch of the chat that is listed.' }),
      revision: Type.Integer({
        description: 'Counts the changes; the ETag. While `writing` it stays, and the end gives the next.',
      }),
      created_at: Time,
      updated_at: Time,
    },
    { description: 'One turn of a chat.', examples: [examples.message] },
  ),
);

export const VersionedMessageWire = resource(
  'VersionedMessage',
  Type.Object(
    {
      ...MessageWire.properties,
      version: Type.Integer({
        minimum: 1,
        description: 'Which of the versions of its turn it is, oldest first.',
      }),
      versions: Type.Integer({ minimum: 1, description: 'How many there are.' }),
    },
    { description: 'One turn of a chat, among its versions.', examples: [examples.versionedMessage] },
  ),
);

export const ReplyWire = resource(
  'Reply',
  Type.Object(
    {
      id: Id,
      chat_id: Id,
      answers_id: Type.String({ format: 'uuid', description: "The user's message that it answers." }),
      state: Type.Enum(['waiting', 'writing', 'complete', 'stopped', 'interrupted', 'failed']),
      error_code: nullable(Type.String({ description: 'Why it failed or was interrupted.' })),
      provider: nullable(Type.String()),
      model: nullable(Type.String()),
      usage: nullable(
        Type.Object(
          { prompt_tokens: Count, completion_tokens: Count, estimated: Type.Boolean() },
          {
            description:
              'What it cost, once it has ended; `estimated` where the AI did not count. Null where it cost nothing.',
          },
        ),
      ),
      prompt_tokens: nullable(Count),
      completion_tokens: nullable(Count),
      events_url: Type.String({ description: 'Where its text can be followed.' }),
      created_at: Time,
      started_at: nullable(Type.String({ format: 'date-time', description: 'When its turn came.' })),
      first_text_at: nullable(
        Type.String({
          format: 'date-time',
          description: 'When the AI said its first word; told at the end.',
        }),
      ),
      ended_at: nullable(Time),
    },
    { description: "One answer of the AI to a user's message.", examples: [examples.reply] },
  ),
);

const NullableMessage = Type.Unsafe<Static<typeof MessageWire> | null>({
  anyOf: [refTo(MessageWire), { type: 'null' }],
});

export const ReplyDetailWire = resource(
  'ReplyDetail',
  Type.Object(
    { ...ReplyWire.properties, message: NullableMessage },
    {
      description:
        "A reply with the assistant's message that it writes: null while it waits, and where it ended without a word.",
      examples: [{ ...examples.reply, message: examples.answer }],
    },
  ),
);

export const SentWire = resource(
  'Sent',
  Type.Object(
    { message: refTo(MessageWire), reply: refTo(ReplyWire) },
    {
      description: "The user's message as it is stored, and the reply that was opened for it.",
      examples: [{ message: examples.message, reply: examples.openReply }],
    },
  ),
);

export const presentUser = (user: User): Static<typeof UserWire> => ({
  id: user.uuid,
  username: user.username,
  email: user.email,
  first_name: user.firstName,
  role: user.role,
  created_at: isoTime(user.createdAt),
  updated_at: isoTime(user.updatedAt),
});

export const presentChat = (chat: Chat): Static<typeof ChatWire> => ({
  id: chat.uuid,
  title: chat.title,
  pinned: chat.pinned,
  model: chat.model,
  system_prompt: chat.systemPrompt,
  temperature: chat.temperature,
  max_output_tokens: chat.maxOutputTokens,
  message_count: chat.messageCount,
  last_message_at: chat.lastMessageAt && isoTime(chat.lastMessageAt),
  last_message_text: chat.lastMessageText,
  revision: chat.revision,
  created_at: isoTime(chat.createdAt),
  updated_at: isoTime(chat.updatedAt),
});

export const presentMessage = (message: Message): Static<typeof MessageWire> => ({
  id: message.uuid,
  chat_id: message.chatUuid,
  role: message.role,
  state: message.state,
  text: message.text,
  type: message.kind,
  image_url: message.imageUrl,
  media_urls: [...message.mediaUrls],
  reply_to_id: message.replyToUuid,
  delivery: message.delivery,
  active: message.activity === 'active',
  revision: message.revision,
  created_at: isoTime(message.createdAt),
  updated_at: isoTime(message.updatedAt),
});

export const presentVersioned = (message: VersionedMessage): Static<typeof VersionedMessageWire> => ({
  ...presentMessage(message),
  version: message.version,
  versions: message.versions,
});

export const presentReply = (reply: Reply): Static<typeof ReplyWire> => ({
  id: reply.uuid,
  chat_id: reply.chatUuid,
  answers_id: reply.answersUuid,
  state: reply.state,
  error_code: reply.errorCode,
  provider: reply.provider,
  model: reply.model,
  usage: presentUsage(reply),
  prompt_tokens: reply.usage?.promptTokens ?? null,
  completion_tokens: reply.usage?.completionTokens ?? null,
  events_url: `/api/v1/replies/${reply.uuid}/events`,
  created_at: isoTime(reply.createdAt),
  started_at: reply.startedAt && isoTime(reply.startedAt),
  first_text_at: reply.firstTextAt && isoTime(reply.firstTextAt),
  ended_at: reply.endedAt && isoTime(reply.endedAt),
});

const presentUsage = ({ usage }: Reply): Static<typeof ReplyWire>['usage'] =>
  usage && {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    estimated: usage.estimated,
  };
