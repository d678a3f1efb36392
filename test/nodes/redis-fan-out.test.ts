import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fanout, FanoutEvent } from '../../src/core/ports.ts';
import type { ReplyId, ReplyUuid } from '../../src/core/replies/reply.ts';
import type { ChatUuid } from '../../src/core/chats/chat.ts';
import type { SessionId } from '../../src/core/sessions/session.ts';
import type { UserId } from '../../src/core/users/user.ts';
import { createFanout } from '../../src/realtime/fan-out.ts';
import { openRedis } from '../../src/redis/open-redis.ts';
import { createRedisFanout } from '../../src/redis/redis-fan-out.ts';
import { openTcpRelay, type TcpRelay } from '../support/tcp-relay.ts';
import { silentLog } from '../support/temp-core.ts';
import { missingRedis, newPrefix, testRedisUrl } from '../support/test-redis.ts';

const ann = 7 as UserId;
const missing = await missingRedis();
const delta = (start: number, text: string): FanoutEvent => ({
  type: 'text-delta',
  replyUuid: 'r' as ReplyUuid,
  chatUuid: 'c' as ChatUuid,
  start,
  text,
});

describe.skipIf(missing !== undefined)(`the fan-out over Redis${missing ? `: ${missing}` : ''}`, () => {
  const opened: (() => Promise<void>)[] = [];
  let relay: TcpRelay;
  beforeAll(async () => {
    const { hostname, port } = new URL(testRedisUrl);
    relay = await openTcpRelay({ host: hostname, port: Number(port || '6379') });
  });
  afterAll(() => relay.close());
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
    await relay.mend();
  });

  /** One process: what it hears for a user, and a way to wait for it. */
  function open(prefix: string, url = testRedisUrl) {
    const local = createFanout({ log: silentLog });
    const redis = openRedis({ url, prefix }, silentLog);
    const fanout = createRedisFanout({ local, redis, log: silentLog });
    opened.push(async () => {
      fanout.close();
      await redis.close();
    });
    const heard: FanoutEvent[] = [];
    const looks = new Set<() => void>();
    const hear = () => looks.forEach((look) => look());
    const listen = () =>
      fanout.subscribe(ann, (event) => {
        heard.push(event);
        hear();
      });
    const until = (is: (event: FanoutEvent) => boolean) =>
      new Promise<FanoutEvent>((resolve) => {
        const look = () => {
          const at = heard.findIndex(is);
          if (at < 0) return;
          looks.delete(look);
          resolve(heard.splice(0, at + 1).at(-1) as FanoutEvent);
        };
        looks.add(look);
        look();
      });
    const ready =
      redis.commands.status === 'ready'
        ? Promise.resolve()
        : new Promise<void>((resolve) => void redis.commands.once('ready', resolve));
    return { fanout, listen, heard, until, ready };
  }
  const isGap = ({ type }: FanoutEvent) => type === 'gap';

  it('brings what another process says, in its order, and its own once', async () => {
    const prefix = newPrefix();
    const [here, there] = [open(prefix), open(prefix)];
    here.listen();
    there.listen();
    await Promise.all([here.until(isGap), there.until(isGap), here.ready]);
    for (let start = 0; start < 300; start += 1) here.fanout.publish(ann, delta(start, 'x'));
    await there.until((event) => event.type === 'text-delta' && event.start === 299);
    expect(here.heard.filter((event) => !isGap(event))).toHaveLength(300);
    here.fanout.publish(8 as UserId, delta(0, 'for somebody else'));
    here.fanout.publish(ann, delta(300, 'last'));
    expect(await there.until((event) => !isGap(event))).toEqual(delta(300, 'last'));
  });

  it('tells of a change by its place in the feed', async () => {
    const prefix = newPrefix();
    const [here, there] = [open(prefix), open(prefix)];
    there.listen();
    await Promise.all([there.until(isGap), here.ready]);
    const change = { type: 'chat-deleted' as const, chatId: 1, chatUuid: 'c' as ChatUuid };
    here.fanout.publish(ann, { type: 'change', userId: ann, position: 12, at: new Date(), change });
    expect(await there.until((event) => !isGap(event))).toEqual({ type: 'moved', position: 12 });
    here.fanout.publish(ann, { type: 'moved', position: 13 });
    expect(await there.until(({ type }) => type === 'moved')).toEqual({ type: 'moved', position: 13 });
  });

  it('brings the ends of logins and the wish to stop', async () => {
    const prefix = newPrefix();
    const [here, there] = [open(prefix), open(prefix)];
    there.listen();
    await Promise.all([there.until(isGap), here.ready]);
    const ended = new Promise((resolve) => there.fanout.subscribeEnded(resolve));
    const stopped = new Promise((resolve) => there.fanout.subscribeStop(resolve));
    here.fanout.publishEnded([3, 4] as SessionId[]);
    here.fanout.publishStop(5 as ReplyId);
    expect([await ended, await stopped]).toEqual([[3, 4], 5]);
  });

  it('hears no more of whom nobody listens for', async () => {
    const prefix = newPrefix();
    const [here, there] = [open(prefix), open(prefix)];
    const [first, second] = [there.listen(), there.listen()];
    await Promise.all([there.until(isGap), here.ready]);
    first();
    here.fanout.publish(ann, delta(0, 'one'));
    await there.until((event) => event.type === 'text-delta');
    second();
    second();
    const again = there.listen();
    await there.until(isGap);
    again();
    expect(there.heard.filter(({ type }) => type !== 'gap')).toEqual([]);
  });

  it('works within its process while Redis is away, and says that there is a gap when it is back', async () => {
    const prefix = newPrefix();
    const away = open(prefix, `redis://127.0.0.1:${relay.port}`);
    const other = open(prefix);
    away.listen();
    await Promise.all([away.until(isGap), other.ready]);
    await relay.cut();
    away.fanout.publish(ann, delta(0, 'still here'));
    expect(await away.until((event) => event.type === 'text-delta')).toEqual(delta(0, 'still here'));
    other.fanout.publish(ann, delta(10, 'lost'));
    await relay.mend();
    await away.until(isGap);
    const back = away.until((event) => event.type === 'text-delta' && event.start === 20);
    await sayUntilHeard(other.fanout, back);
    expect(await back).toEqual(delta(20, 'heard'));
  });

  it('stays calm where somebody else speaks on its channels', async () => {
    const prefix = newPrefix();
    const [here, there] = [open(prefix), open(prefix)];
    there.listen();
    await Promise.all([there.until(isGap), here.ready]);
    const stranger = openRedis({ url: testRedisUrl, prefix }, silentLog);
    opened.push(() => stranger.close());
    if (stranger.commands.status !== 'ready')
      await new Promise((resolve) => stranger.commands.once('ready', resolve));
    for (const message of [
      '',
      'null',
      '{}',
      '{"events":7}',
      '{"events":[null]}',
      '{"events":[{"type":"new"}]}',
    ])
      await stranger.commands.publish(`${prefix}user:${ann}`, message);
    here.fanout.publish(ann, delta(0, 'one'));
    expect(await there.until((event) => !isGap(event))).toEqual(delta(0, 'one'));
  });
});

/** The far end may not have its connection yet: nothing tells when, so it is said again until it is heard. */
async function sayUntilHeard(fanout: Fanout, heard: Promise<unknown>): Promise<void> {
  let isHeard = false;
  void heard.then(() => (isHeard = true));
  while (!isHeard) {
    fanout.publish(ann, delta(20, 'heard'));
    await new Promise((resolve) => void setImmediate(resolve));
  }
}
