import Type from 'typebox';
import type { ApiRoutes } from './api-options.ts';
import { chatKey, ChatParams, messageKey, MessageParams } from './parameters.ts';
import { problems } from './problem.ts';
import { MessageWire, presentMessage, refTo } from './wire.ts';

const TypingBody = Type.Object(
  { is_typing: Type.Boolean() },
  { additionalProperties: false, examples: [{ is_typing: true }] },
);
const DeliveryBody = Type.Object(
  { delivery: Type.Enum(['delivered', 'read']) },
  { additionalProperties: false, examples: [{ delivery: 'read' }] },
);

/** What a device tells the user's other devices. */
export const presenceRoutes: ApiRoutes = async (app, { core }) => {
  const config = { access: 'user' } as const;

  app.post(
    '/chats/:id/typing',
    {
      config,
      schema: {
        tags: ['chats'],
        operationId: 'setTyping',
        summary: 'Say that somebody types here',
        description: 'Told to the user’s readers of `/events` who listen now; stored nowhere.',
        params: ChatParams,
        body: TypingBody,
        response: {
          204: Type.Null({ description: 'It is told.' }),
          ...problems({ body: true, codes: ['chat-not-found', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params, body }, reply) => {
      await core.chats.type(actor, chatKey(params), body.is_typing);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/messages/:id/delivery',
    {
      config,
      schema: {
        tags: ['messages'],
        operationId: 'setDelivery',
        summary: 'Say that a message was shown, or read',
        description: 'It only goes forward: what was read stays read.',
        params: MessageParams,
        body: DeliveryBody,
        response: {
          200: refTo(MessageWire),
          ...problems({ body: true, codes: ['message-not-found', 'origin-refused'] }),
        },
      },
    },
    async ({ actor, params, body }) =>
      presentMessage(await core.messages.deliver(actor, messageKey(params), body.delivery)),
  );
};
