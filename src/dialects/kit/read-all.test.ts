import { expect, it } from 'vitest';
import type { ChatId } from '../../core/chats/chat.ts';
import type { Message, MessageId } from '../../core/messages/message.ts';
import type { Actor } from '../../core/ports.ts';
import { readAllMessages } from './read-all.ts';

const actor = {} as Actor;
const chat = 1 as ChatId;

/** A chat of so many messages, each with the same text and image. */
const holding = (count: number, { text, imageUrl }: Pick<Message, 'text' | 'imageUrl'>) => ({
  messages: {
    async listFinished(_actor: Actor, _chat: unknown, page: { after?: MessageId; limit: number }) {
      const begin = page.after ?? 0;
      const length = Math.min(page.limit, count - begin);
      return Array.from({ length }, (_, index) => ({ id: begin + index + 1, text, imageUrl }) as Message);
    },
  },
});
const read = async (count: number, content: Pick<Message, 'text' | 'imageUrl'>) =>
  (await readAllMessages(holding(count, content), actor, chat)).map(({ id }) => id as number);
const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

it.each([0, 1, 99, 100, 101, 250])('a chat of %i messages is read whole', async (count) => {
  expect(await read(count, { text: 'hello', imageUrl: null })).toEqual(range(1, count));
});

it('of more text and images than an answer may have, the newest messages are read', async () => {
  const mebibyte = 'x'.repeat(1024 * 1024);
  expect(await read(250, { text: mebibyte, imageUrl: null })).toEqual(range(187, 250));
  expect(await read(250, { text: mebibyte, imageUrl: mebibyte })).toEqual(range(219, 250));
});

it('of messages that are larger each, the newest one is read', async () => {
  const huge = 'x'.repeat(65 * 1024 * 1024);
  expect(await read(3, { text: huge, imageUrl: null })).toEqual([3]);
});
