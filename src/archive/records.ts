import Type, { type Static, type TSchema } from 'typebox';
import { defaultLimits } from '../core/limits.ts';

/** The number of the format; a change that older readers misunderstand makes it higher. */
export const formatVersion = 1;

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const Id = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
/** In UTC. Databases keep milliseconds. */
const Time = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$',
});
const Text = (maxLength: number) => Type.String({ maxLength });
const Count = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });
const { textLength, replyLength, titleLength, systemPromptLength, imageUrlLength, mediaUrls } = defaultLimits;
const Url = Text(imageUrlLength);

const record = <const Name extends string, Fields extends Record<string, TSchema>>(
  type: Name,
  fields: Fields,
) => Type.Object({ type: Type.Literal(type), ...fields }, { additionalProperties: false });

export const HeaderRecord = record('header', {
  format: Type.Literal('parlance-export'),
  version: Type.Integer(),
  parlance: Text(64),
  exported_at: Time,
});

export const UserRecord = record('user', {
  id: Id,
  username: orNull(Text(255)),
  email: orNull(Text(320)),
  first_name: orNull(Text(255)),
  role: Type.Enum(['user', 'admin']),
  disabled_at: orNull(Time),
  created_at: Time,
  updated_at: Time,
  password_hash: Type.Optional(Type.String({ maxLength: 512, pattern: '^[!-~]+$' })),
});

export const ChatRecord = record('chat', {
  id: Id,
  title: Text(titleLength),
  titled: Type.Boolean(),
  pinned: Type.Boolean(),
  model: orNull(Text(255)),
  system_prompt: orNull(Text(systemPromptLength)),
  temperature: orNull(Type.Number({ minimum: 0, maximum: 2 })),
  max_output_tokens: orNull(Count),
  created_at: Time,
  updated_at: Time,
});

const ReplyPart = Type.Object(
  {
    id: Id,
    provider: orNull(Text(64)),
    model: orNull(Text(255)),
    prompt_tokens: orNull(Count),
    completion_tokens: orNull(Count),
    tokens_estimated: orNull(Type.Boolean()),
    error_code: orNull(Text(64)),
    created_at: Time,
    started_at: orNull(Time),
    first_text_at: orNull(Time),
    ended_at: Time,
  },
  { additionalProperties: false },
);

export const MessageRecord = record('message', {
  id: Id,
  /** The turn before it, which comes before it here; null begins the chat. */
  parent: orNull(Id),
  role: Type.Enum(['user', 'assistant']),
  state: Type.Enum(['complete', 'stopped', 'interrupted', 'failed']),
  text: Text(Math.max(textLength, replyLength)),
  kind: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,31}$' }),
  image_url: orNull(Url),
  media_urls: Type.Array(Url, { maxItems: mediaUrls }),
  reply_to: orNull(Id),
  activity: Type.Enum(['active', 'resting', 'inactive']),
  delivery: Type.Enum(['sent', 'delivered', 'read']),
  created_at: Time,
  updated_at: Time,
  /** Its text is gone, and it keeps the place of what follows. */
  deleted_at: orNull(Time),
  /** Of what the AI said. */
  reply: orNull(ReplyPart),
});

export const AttachmentRecord = record('attachment', {
  id: Id,
  /** The message that carries it. */
  message: orNull(Id),
  name: Text(255),
  media_type: Text(255),
  size_bytes: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  width: orNull(Count),
  height: orNull(Count),
  created_at: Time,
  bytes: Type.Optional(Type.String()),
});

export type HeaderRecord = Static<typeof HeaderRecord>;
export type UserRecord = Static<typeof UserRecord>;
export type ChatRecord = Static<typeof ChatRecord>;
export type MessageRecord = Static<typeof MessageRecord>;
export type AttachmentRecord = Static<typeof AttachmentRecord>;
export type ArchiveRecord = HeaderRecord | UserRecord | ChatRecord | MessageRecord | AttachmentRecord;

/** An archive that cannot be read, in one sentence for the operator. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}
