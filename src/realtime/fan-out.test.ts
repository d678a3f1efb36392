import { beforeEach, describe, expect, test } from 'vitest';
import type { ChatUuid } from '../core/chats/chat.ts';
import type { FanoutEvent, Log } from '../core/ports.ts';
import type { ReplyUuid } from '../core/replies/reply.ts';
import type { SessionId } from '../core/sessions/session.ts';
import type { UserId } from '../core/users/user.ts';
import { createFanout } from './fan-out.ts';

const ann = 1 as UserId;
const bob = 2 as UserId;
const event = (text: string): FanoutEvent => ({
  type: 'text-delta',
  replyUuid: 'reply' as ReplyUuid,
  chatUuid: 'chat' as ChatUuid,
  start: 0,
  text,
});

let logged: unknown[] = [];
const record: Log['error'] = (fields) => logged.push(fields['err']);
const log: Log = { info: record, warn: record, error: record };

beforeEach(() => {
  logged = [];
});

describe('events of a user', () => {
  test('reach every listener of that user, in order, and nobody else', () => {
    const fanout = createFanout({ log });
    const heard: string[] = [];
    for (const name of ['first', 'second']) {
      fanout.subscribe(ann, (heardEvent) => heard.push(`${name}: ${JSON.stringify(heardEvent)}`));
    }
    fanout.subscribe(bob, () => heard.push('bob'));
    fanout.publish(ann, event('one'));
    fanout.publish(ann, event('two'));
    expect(heard).toEqual(
      ['one', 'two'].flatMap((text) =>
        ['first', 'second'].map((name) => `${name}: ${JSON.stringify(event(text))}`),
      ),
    );
  });

  test('a listener that throws is logged and breaks neither the others nor the publisher', () => {
    const fanout = createFanout({ log });
    const failure = new Error('broken listener');
    let heard = 0;
    fanout.subscribe(ann, () => {
      throw failure;
    });
    fanout.subscribe(ann, () => (heard += 1));
    fanout.publish(ann, event('one'));
    fanout.publish(ann, event('two'));
    expect(heard).toBe(2);
    expect(logged).toEqual([failure, failure]);
  });

  test('end for who unsubscribes, also while an event is told, and for them alone', () => {
    const fanout = createFanout({ log });
    let heard: string[] = [];
    const listener = (name: string) => () => void heard.push(name);
    const stopFirst = fanout.subscribe(ann, () => {
      heard.push('first');
      stopFirst();
    });
    const stopSecond = fanout.subscribe(ann, listener('second'));
    fanout.subscribe(ann, listener('third'));
    fanout.publish(ann, event('one'));
    expect(heard).toEqual(['first', 'second', 'third']);
    heard = [];
    stopSecond();
    stopSecond();
    fanout.publish(ann, event('two'));
    expect(heard).toEqual(['third']);
  });

  test('an old unsubscribe does not end a new subscription of the same function', () => {
    const fanout = createFanout({ log });
    let heard = 0;
    const listener = () => void (heard += 1);
    const stop = fanout.subscribe(ann, listener);
    stop();
    fanout.subscribe(ann, listener);
    stop();
    fanout.publish(ann, event('one'));
    expect(heard).toBe(1);
  });
});

describe('ended logins', () => {
  const ended = [7, 8] as SessionId[];

  test('reach every listener until it unsubscribes, also behind one that throws', () => {
    const fanout = createFanout({ log });
    const heard: (readonly SessionId[])[] = [];
    fanout.subscribeEnded(() => {
      throw new Error('broken listener');
    });
    const stop = fanout.subscribeEnded((ids) => heard.push(ids));
    fanout.publishEnded(ended);
    stop();
    fanout.publishEnded(ended);
    expect(heard).toEqual([ended]);
    expect(logged).toHaveLength(2);
  });

  test('that are none are not told', () => {
    const fanout = createFanout({ log });
    let heard = 0;
    fanout.subscribeEnded(() => void (heard += 1));
    fanout.publishEnded([]);
    expect(heard).toBe(0);
  });
});
