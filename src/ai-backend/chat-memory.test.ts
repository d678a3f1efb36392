import { describe, expect, it } from 'vitest';
import { ChatMemory, type MemoryLimits } from './chat-memory.ts';

const remember = (limits: Partial<MemoryLimits> = {}) => {
  const clock = { now: 0 };
  const roomy = {
    chats: 100,
    characters: 10_000,
    turnsPerChat: 100,
    charactersPerChat: 1_000,
    quietMs: 1_000,
  };
  const memory = new ChatMemory({ ...roomy, ...limits }, () => new Date(clock.now));
  const chat = (chatId: string, userId = '1') => ({
    says: (question: string, answer: string, isComplete = true) =>
      memory.keep({ userId, chatId }, { question, answer, isComplete }),
    before: (question = 'next') => memory.recall({ userId, chatId }, question).map(({ text }) => text),
  });
  return { memory, clock, chat };
};

describe('a memory of chats', () => {
  it('knows what was said before, and by whom', () => {
    const { memory, chat } = remember();
    chat('1').says('One?', 'One.');
    chat('1').says('Two?', 'Two.');
    expect(memory.recall({ userId: '1', chatId: '1' }, 'Three?')).toEqual([
      { role: 'user', text: 'One?' },
      { role: 'assistant', text: 'One.' },
      { role: 'user', text: 'Two?' },
      { role: 'assistant', text: 'Two.' },
    ]);
  });

  it('keeps chats and users apart, whatever their ids', () => {
    const { chat } = remember();
    chat('2', '1').says('mine', '');
    chat('1', '12').says('theirs', '');
    expect([chat('2', '1').before(), chat('1', '12').before(), chat('12', '1').before()]).toEqual([
      ['mine'],
      ['theirs'],
      [],
    ]);
  });

  it('keeps a question without an answer', () => {
    const { chat } = remember();
    chat('1').says('One?', '', false);
    expect(chat('1').before('Well?')).toEqual(['One?']);
  });

  it('puts a question that broke off and is asked again in its own place', () => {
    const { chat } = remember();
    chat('1').says('Before?', 'Before.');
    chat('1').says('One?', 'On', false);
    expect(chat('1').before('One?')).toEqual(['Before?', 'Before.']);
    expect(chat('1').before('Go on')).toEqual(['Before?', 'Before.', 'One?', 'On']);
    chat('1').says('One?', 'One.');
    expect(chat('1').before('One?')).toEqual(['Before?', 'Before.', 'One?', 'One.']);
  });

  it('has room for so many turns, and drops the oldest', () => {
    const { chat } = remember({ turnsPerChat: 3 });
    chat('1').says('One?', 'One.');
    chat('1').says('Two?', 'Two.');
    expect(chat('1').before()).toEqual(['One.', 'Two?', 'Two.']);
  });

  it('keeps nothing where no turn is wanted', () => {
    const { memory, chat } = remember({ turnsPerChat: 0 });
    chat('1').says('One?', 'One.');
    expect(memory.size).toEqual({ chats: 0, characters: 0 });
  });

  it('has room for so many characters of a chat, but always for what was said last', () => {
    const { chat } = remember({ charactersPerChat: 10 });
    chat('1').says('One?', 'One.');
    chat('1').says('2?', '2.');
    expect(chat('1').before()).toEqual(['One.', '2?', '2.']);
    chat('1').says('x'.repeat(50), 'y'.repeat(50));
    expect(
      chat('1')
        .before()
        .map(({ length }) => length),
    ).toEqual([50, 50]);
  });

  it('drops the chat that was quiet for longest when there are too many', () => {
    const { memory, chat } = remember({ chats: 2 });
    for (const id of ['1', '2', '1', '3']) chat(id).says('hello', 'hi');
    expect(['1', '2', '3'].filter((id) => chat(id).before().length > 0)).toEqual(['1', '3']);
    expect(memory.size).toEqual({ chats: 2, characters: 21 });
  });

  it('drops chats until all together fit', () => {
    const { memory, chat } = remember({ characters: 30 });
    for (const id of ['1', '2', '3', '4', '5', '6']) chat(id).says('hello', 'hello');
    expect(memory.size).toEqual({ chats: 3, characters: 30 });
    chat('7').says('x'.repeat(31), '');
    expect(memory.size).toEqual({ chats: 0, characters: 0 });
  });

  it('forgets what was quiet for too long', () => {
    const { memory, clock, chat } = remember();
    chat('1').says('hello', 'hi');
    clock.now = 500;
    chat('2').says('hello', 'hi');
    clock.now = 1_000;
    expect(chat('1').before()).toEqual([]);
    expect(memory.size).toEqual({ chats: 1, characters: 7 });
  });
});
