import type { FastifyInstance } from 'fastify';
import type { Core, SendMessage, SentMessage } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { UserEvent } from '../../core/events.ts';
import { isOpen } from '../../core/replies/reply.ts';
import { createVoicePlaces, type VoicePlaces } from '../../core/voice/voice-places.ts';
import type { Dialect } from '../kit/define-dialect.ts';
import { type SocketIoConnection, type SocketIoListener, serveSocketIo } from '../kit/serve-socket-io.ts';
import { toChangeEvent } from './change-events.ts';
import { eventSentence } from './errors.ts';
import { createHearing, type Hear } from './hearing.ts';
import { knownFailure } from './known-failure.ts';
import { ReplyStreams } from './reply-streams.ts';
import { readSendMessage } from './send-message.ts';
import { Speeches } from './speeches.ts';
import { readVoiceMessage } from './voice-message.ts';

/** How many sends of one socket may wait to be stored. */
const maxWaitingSends = 50;
/** How long a stopping server lets ends that are on their way arrive. */
const farewellMs = 300;

/** A recording of 3 MiB, in base64: some minutes of what browsers and phones record. */
const frameBytes = 4 * 1024 * 1024;

/** "WebSocket Events". */
export const sockets: NonNullable<Dialect['sockets']> = ({ core, readers, app }) => {
  const hear = createHearing(core);
  const places = createVoicePlaces({ total: 16, perUser: 2 });
  return serveSocketIo(app, {
    path: '/socket.io',
    core,
    readers,
    frameBytes,
    onConnection: (connection) => new Talk({ core, connection, app, hear, places }),
  });
};

type Surroundings = {
  core: Core;
  connection: SocketIoConnection;
  app: FastifyInstance;
  hear: Hear;
  /** For speeches that lie in memory until they are taken. */
  places: VoicePlaces;
};

/** One client: what it sends, one after the other, and what it is told. */
class Talk implements SocketIoListener {
  readonly #core: Core;
  readonly #connection: SocketIoConnection;
  readonly #streams: ReplyStreams;
  readonly #speeches: Speeches;
  readonly #app: FastifyInstance;
  readonly #hear: Hear;
  #sends: Promise<void> = Promise.resolve();
  #waitingSends = 0;
  /** Settles when the message that is being stored is, and its reply is expected. */
  #storing: Promise<unknown> | undefined;

  constructor(surroundings: Surroundings) {
    const { core, connection, app, hear } = surroundings;
    this.#core = core;
    this.#connection = connection;
    this.#app = app;
    this.#hear = hear;
    this.#streams = new ReplyStreams(core, connection);
    this.#speeches = new Speeches(surroundings);
    void this.#follow();
  }

  onEvent(event: string, args: unknown[]): void {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined;
    const payload = acknowledge !== undefined && args.length === 1 ? undefined : args[0];
    if (event === 'text_to_speech') return this.#speeches.ask(payload, acknowledge);
    if (event === 'send_message') {
      return this.#queue({
        read: async () => this.#allowed(readSendMessage(payload)),
        stored: ({ message }) => acknowledge?.({ message_id: message.id }),
      });
    }
    if (event === 'send_voice_message') {
      return this.#queue({
        read: () => this.#listenTo(payload),
        stored: ({ message: { id, chatId, text } }) => {
          acknowledge?.({ message_id: id, text });
          this.#connection.emit('voice_transcription', { message_id: id, chat_id: chatId, text });
        },
      });
    }
  }

  onSentAway(reason: 'revoked' | 'stopping'): void {
    if (reason === 'revoked') {
      this.#refuse(new DomainError('session-ended'));
      return this.#connection.dismiss();
    }
    const leave = () => {
      this.#streams.abandon(new DomainError('server-stopping'));
      this.#connection.close();
    };
    if (this.#streams.awaited === 0) leave();
    else setTimeout(leave, farewellMs);
  }

  #queue(send: Send): void {
    if (this.#waitingSends >= maxWaitingSends) return this.#refuse(new DomainError('too-many-requests'));
    this.#waitingSends += 1;
    this.#sends = this.#sends.then(() => this.#send(send));
  }

  /** Counts a send as one. */
  async #allowed<Input>(input: Input): Promise<Input> {
    const { actor, address } = this.#connection;
    await this.#app.rateLimits.take('send', { address, userId: actor.userId });
    return input;
  }

  async #listenTo(payload: unknown): Promise<SendMessage> {
    const { actor, signal } = this.#connection;
    const voice = await this.#allowed(readVoiceMessage(payload));
    const { chat, idempotencyKey } = voice;
    // Nobody is asked to hear what could not be sent.
    await this.#core.chats.find(actor, chat);
    const text = await this.#hear(actor, voice, signal);
    return { chat, text, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
  }

  /** Stores a message and opens its reply. Never rejects: every send gets its end. */
  async #send({ read, stored }: Send): Promise<void> {
    try {
      if (this.#connection.signal.aborted) return;
      const input = await read();
      const storing = this.#store(input, stored);
      const stop = () => (this.#storing = undefined);
      this.#storing = storing.then(stop, stop);
      const { reply, duplicate } = await storing;
      // The feed has told its end before: nothing more will come.
      if (duplicate && !isOpen(reply)) await this.#repeat(reply.uuid);
    } catch (thrown) {
      this.#refuse(knownFailure(this.#app, thrown));
    } finally {
      this.#waitingSends -= 1;
    }
  }

  async #store(input: SendMessage, stored: Send['stored']): Promise<SentMessage> {
    const sent = await this.#core.messages.send(this.#connection.actor, input);
    stored(sent);
    this.#streams.latestChat = sent.message.chatId;
    this.#streams.expect(sent.reply);
    return sent;
  }

  async #repeat(uuid: Parameters<Core['replies']['follow']>[1]): Promise<void> {
    const { actor, signal } = this.#connection;
    for await (const event of this.#core.replies.follow(actor, uuid, { after: 0, signal })) {
      if (event.type === 'reply-end') this.#streams.end(event.reply, event.message);
    }
  }

  #refuse(error: DomainError): void {
    this.#connection.emit('error', { message: eventSentence(error) });
  }

  /** Tells the client what happens to its user's data, until it goes. */
  async #follow(): Promise<void> {
    const { actor, signal } = this.#connection;
    try {
      for await (const event of this.#core.feed.follow(actor, null, signal)) {
        // What comes now may belong to a send that is being stored, and does not know its reply yet.
        if (this.#storing) await this.#storing;
        await this.#tell(event);
      }
    } catch (thrown) {
      this.#streams.abandon(knownFailure(this.#app, thrown));
    }
    this.#streams.abandon(new DomainError('server-error'));
    this.#connection.close();
  }

  async #tell(event: UserEvent): Promise<void> {
    if (event.type === 'text-delta') return this.#streams.addText(event);
    if (event.type !== 'change') return;
    const { change } = event;
    const told = toChangeEvent(change);
    if (told) this.#connection.emit(told.name, told.payload);
    if (change.type === 'reply-end') this.#streams.end(change.reply, change.message);
    else if (change.type === 'chat-deleted') {
      this.#streams.abandon(new DomainError('chat-not-found'), change.chatId);
    } else if (change.type === 'chat-cleared') {
      this.#streams.abandon(new DomainError('reply-not-found'), change.chatId);
    }
  }
}

/** How a message comes to be, and what is told of it first. */
type Send = { read(): Promise<SendMessage>; stored(sent: SentMessage): void };
type Acknowledge = (answer: object) => void;
