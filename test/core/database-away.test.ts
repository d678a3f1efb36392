import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DomainError } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/store.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { createTempCore } from '../support/temp-core.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';

describe('while the database is away', () => {
  let storage: TempStorage;
  let temp: ReturnType<typeof createTempCore>;
  const log = createRecordingLog();
  let isAway = false;
  let refused = 0;
  /** Called with each transaction that is refused. */
  let look: () => void = () => undefined;

  beforeAll(async () => {
    storage = await openTempStorage();
    const store: Store = {
      ...storage.store,
      async transaction(work) {
        if (!isAway) return storage.store.transaction(work);
        refused += 1;
        look();
        throw new DomainError('storage-unavailable', { retryAfterSeconds: 1 });
      },
    };
    temp = createTempCore(store, { log });
    await temp.start();
  });
  afterAll(async () => {
    await temp.stop(0);
    await storage.dispose();
  });

  it('the log says once that it went, and once that it is there again', async () => {
    const actor = await temp.newActor();
    const chat = await temp.core.chats.create(actor, {});
    const { reply } = await temp.core.messages.send(actor, { chat: chat.id, text: 'tell me' });
    const answer = await temp.ai.next();
    isAway = true;
    answer.say('one');
    await log.line('reply text waits for the database');
    await log.line('no sign of life could be stored');
    const more = refused + 6;
    await new Promise<void>((resolve) => (look = () => refused >= more && resolve()));
    isAway = false;
    await log.line('reply text is stored again');
    await log.line('signs of life are stored again');
    answer.finish(' two');
    expect(await temp.core.replies.finished(actor, reply.id)).toMatchObject({ text: 'one two' });
    expect(log.lines.map(({ message }) => message).toSorted()).toEqual([
      'no sign of life could be stored',
      'reply text is stored again',
      'reply text waits for the database',
      'signs of life are stored again',
    ]);
  });
});
