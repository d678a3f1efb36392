import { expect, test } from 'vitest';
import type { Actor } from '../../src/core/ports.ts';
import type { ReplyId } from '../../src/core/replies/reply.ts';
import type { Store } from '../../src/core/store.ts';
import { createTempCore } from '../support/temp-core.ts';
import { describeEachEngine } from './each-engine.ts';

type TempCore = ReturnType<typeof createTempCore>;

/** Several processes on one database, of which one was idle, or waits, when it is asked for a reply. */
describeEachEngine('a node that lives', (fresh) => {
  const answer = async ({ core, ai }: TempCore, actor: Actor, id: ReplyId) => {
    (await ai.next()).finish('an answer');
    return core.replies.finished(actor, id);
  };

  test('is not removed when it begins to write while another finds that it was silent', async () => {
    const held = gate();
    const silentSince: Store['nodes']['silentSince'] = async (at) => {
      const silent = await fresh.store.nodes.silentSince(at);
      if (silent.length > 0) await held.pass();
      return silent;
    };
    // Outside of transactions it asks for nothing else of them.
    const storeOfOther: Store = { ...fresh.store, nodes: { silentSince } as Store['nodes'] };
    const idle = createTempCore(fresh.store, { leaseMs: 200 });
    const other = createTempCore(storeOfOther, { leaseMs: 200 });
    const actor = await idle.newActor();
    const chat = await idle.core.chats.create(actor, {});
    const first = await idle.core.messages.send(actor, { chat: chat.id, text: 'one' });
    await answer(idle, actor, first.reply.id);

    await other.start();
    await held.reached;
    const second = await idle.core.messages.send(actor, { chat: chat.id, text: 'two' });
    held.open();
    // It ends the look that it had begun, and looks no more.
    await other.stop(0);
    expect(await answer(idle, actor, second.reply.id)).toMatchObject({ state: 'complete' });
    await idle.stop(0);
  });
});

/** What is held once, where it passes, until it is opened. */
function gate() {
  let open: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const pass = () => {
    arrive();
    return opened;
  };
  return { reached, pass, open: () => open() };
}
