import Type from 'typebox';
import type { ChatUuid } from '../core/chats/chat.ts';
import type { AttachmentUuid } from '../core/attachments/attachment.ts';
import type { MessageUuid } from '../core/messages/message.ts';
import type { ReplyUuid } from '../core/replies/reply.ts';

const idParams = (what: string) =>
  Type.Object({ id: Type.String({ format: 'uuid', description: `The ${what}'s id.` }) });
export const ChatParams = idParams('chat');
export const MessageParams = idParams('message');
export const ReplyParams = idParams('reply');
export const AttachmentParams = idParams('attachment');

// Upper-case digits are the same id (RFC 9562, section 4).
export const chatKey = ({ id }: { id: string }) => id.toLowerCase() as ChatUuid;
export const messageKey = ({ id }: { id: string }) => id.toLowerCase() as MessageUuid;
export const attachmentKey = ({ id }: { id: string }) => id.toLowerCase() as AttachmentUuid;
export const replyKey = ({ id }: { id: string }) => id.toLowerCase() as ReplyUuid;

export const Cursor = Type.Optional(
  Type.String({ description: 'Where to go on: a cursor of an earlier answer.', maxLength: 200 }),
);
export const Limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many at most.' }),
);
export const defaultLimit = 20;

export const IfMatchHeader = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'The ETag that the change is based on; 412 when it has changed since.' }),
  ),
});
export const LastEventIdHeader = Type.Object({
  'last-event-id': Type.Optional(Type.String({ description: 'The id of the last event that was seen.' })),
});
