import { randomUUID } from 'node:crypto';
import type { Fanout, Log } from '../core/ports.ts';
import type { ReplyId } from '../core/replies/reply.ts';
import type { SessionId } from '../core/sessions/session.ts';
import type { UserId } from '../core/users/user.ts';
import { decodeEvents, encodeEvent, type EncodedEvent } from './encode-event.ts';
import type { RedisConnections } from './open-redis.ts';

/** How often readers ask the database while Redis is away. */
const blindLookMs = 5_000;

type Options = { local: Fanout; redis: RedisConnections; log: Log };

/**
 * Carries events between processes over Redis, beside those within this one. What is lost on the way is healed from the database: whoever
 * listens is told of a `gap` when a subscription begins, when the connection is back, and every few seconds in between.
 */
export function createRedisFanout({ local, redis, log }: Options): Fanout & { close(): void } {
  const { commands, listening, prefix } = redis;
  const origin = randomUUID();
  const channelOf = (userId: UserId) => `${prefix}user:${userId}`;
  const userChannels = `${prefix}user:`;
  const ended = `${prefix}ended`;
  const stops = `${prefix}stops`;
  const audiences = new Map<UserId, number>();
  let outgoing = new Map<string, EncodedEvent[]>();

  /** What is said in one turn of the event loop goes in one message a channel. */
  const send = (channel: string, event: EncodedEvent) => {
    if (outgoing.size === 0) setImmediate(flush);
    const events = outgoing.get(channel);
    if (events) events.push(event);
    else outgoing.set(channel, [event]);
  };
  const flush = () => {
    const messages = outgoing;
    outgoing = new Map();
    if (commands.status !== 'ready') return;
    for (const [channel, events] of messages)
      // It may be lost: the other end finds the gap.
      commands.publish(channel, JSON.stringify({ origin, events })).catch(() => undefined);
  };

  const tellGap = (userId: UserId) => local.publish(userId, { type: 'gap' });
  const tellAll = () => {
    for (const userId of audiences.keys()) tellGap(userId);
  };

  listening.on('message', (channel, message) => {
    const heard = decodeEvents(message);
    if (!heard) return log.warn({ channel }, 'a message on a channel of ours is none of ours');
    if (heard.origin === origin) return;
    for (const event of heard.events) receive(channel, event);
  });
  const receive = (channel: string, event: EncodedEvent) => {
    if (event.type === 'ended') local.publishEnded(event.ids as SessionId[]);
    else if (event.type === 'stop') local.publishStop(event.id as ReplyId);
    else if (channel.startsWith(userChannels))
      local.publish(Number(channel.slice(userChannels.length)) as UserId, event);
  };
  // Subscribed again by the client itself before it says so.
  listening.on('ready', () => setImmediate(tellAll));
  listening.subscribe(ended, stops).catch(() => undefined);

  const blind = setInterval(() => {
    if (listening.status !== 'ready') tellAll();
  }, blindLookMs);
  blind.unref();

  return {
    publish(userId, event) {
      local.publish(userId, event);
      const encoded = encodeEvent(event);
      if (encoded) send(channelOf(userId), encoded);
    },
    subscribe(userId, listener) {
      const leave = local.subscribe(userId, listener);
      const count = audiences.get(userId) ?? 0;
      audiences.set(userId, count + 1);
      if (count === 0) {
        // What was said between now and then is in the database.
        listening.subscribe(channelOf(userId)).then(
          () => tellGap(userId),
          () => undefined,
        );
      }
      let isIn = true;
      return () => {
        leave();
        if (!isIn) return;
        isIn = false;
        const left = (audiences.get(userId) ?? 1) - 1;
        if (left > 0) return void audiences.set(userId, left);
        audiences.delete(userId);
        listening.unsubscribe(channelOf(userId)).catch(() => undefined);
      };
    },
    publishEnded(sessionIds) {
      local.publishEnded(sessionIds);
      if (sessionIds.length > 0) send(ended, { type: 'ended', ids: [...sessionIds] });
    },
    subscribeEnded: (listener) => local.subscribeEnded(listener),
    publishStop(replyId) {
      local.publishStop(replyId);
      send(stops, { type: 'stop', id: replyId });
    },
    subscribeStop: (listener) => local.subscribeStop(listener),
    close: () => clearInterval(blind),
  };
}
