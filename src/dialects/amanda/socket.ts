import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { UserEvent } from '../../core/events.ts';
import { isOpen } from '../../core/replies/reply.ts';
import type { Dialect } from '../kit/define-dialect.ts';
import { type SocketIoConnection, type SocketIoListener, serveSocketIo } from '../kit/serve-socket-io.ts';
import { toChangeEvent } from './change-events.ts';
import { eventSentence } from './errors.ts';
import { ReplyStreams } from './reply-streams.ts';
import { readSendMessage } from './send-message.ts';

/** How many sends of one socket may wait to be stored. */
const maxWaitingSends = 50;
/** How long a stopping server lets ends that are on their way arrive. */
const farewellMs = 300;

/** "WebSocket Events". */
export const sockets: NonNullable<Dialect['sockets']> = ({ core, readers, app }) =>
  serveSocketIo(app, {
    path: '/socket.io',
    core,
    readers,
    onConnection: (connection) => new Talk({ core, connection, app }),
  });

type Surroundings = { core: Core; connection: SocketIoConnection; app: FastifyInstance };

/** One client: what it sends, one after the other, and what it is told. */
class Talk implements SocketIoListener {
  readonly #core: Core;
  readonly #connection: SocketIoConnection;
  readonly #streams: ReplyStreams;
  readonly #app: FastifyInstance;
  #sends: Promise<void> = Promise.resolve();
  #waitingSends = 0;
  #isSending = false;

  constructor({ core, connection, app }: Surroundings) {
    this.#core = core;
    this.#connection = connection;
    this.#app = app;
    this.#streams = new ReplyStreams(core, connection);
    void this.#follow();
  }

  onEvent(event: string, args: unknown[]): void {
    if (event !== 'send_message') return;
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : undefined;
    const payload = acknowledge !== undefined && args.length === 1 ? undefined : args[0];
    if (this.#waitingSends >= maxWaitingSends) return this.#refuse(new DomainError('too-many-requests'));
    this.#waitingSends += 1;
    this.#sends = this.#sends.then(() => this.#send(payload, acknowledge));
  }

  onSentAway(reason: 'revoked' | 'stopping'): void {
    if (reason === 'revoked') {
      this.#refuse(new DomainError('session-ended'));
      return this.#connection.close();
    }
    const leave = () => {
      this.#streams.abandon(new DomainError('server-stopping'));
      this.#connection.close();
    };
    if (this.#streams.awaited === 0) leave();
    else setTimeout(leave, farewellMs);
  }

  /** Stores a message and opens its reply. Never rejects: every send gets its end. */
  async #send(payload: unknown, acknowledge: Acknowledge | undefined): Promise<void> {
    const { actor, address, signal } = this.#connection;
    this.#isSending = true;
    try {
      if (signal.aborted) return;
      const input = readSendMessage(payload);
      await this.#app.rateLimits.take('send', { address, userId: actor.userId });
      const { message, reply, duplicate } = await this.#core.messages.send(actor, input);
      acknowledge?.({ message_id: message.id });
      this.#streams.latestChat = message.chatId;
      this.#streams.expect(reply);
      // The feed has told its end before: nothing more will come.
      if (duplicate && !isOpen(reply)) await this.#repeat(reply.uuid);
    } catch (thrown) {
      this.#refuse(this.#known(thrown));
    } finally {
      this.#waitingSends -= 1;
      this.#isSending = false;
    }
  }

  async #repeat(uuid: Parameters<Core['replies']['follow']>[1]): Promise<void> {
    const { actor, signal } = this.#connection;
    for await (const event of this.#core.replies.follow(actor, uuid, { after: 0, signal })) {
      if (event.type === 'reply-end') this.#streams.end(event.reply, event.message);
    }
  }

  /** What nobody foresaw is logged with its cause, which no client sees. */
  #known(thrown: unknown): DomainError {
    const error = DomainError.from(thrown);
    if (error.kind === 'internal')
      this.#app.log.error({ err: error.cause ?? error }, 'An event of a socket failed');
    return error;
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
        if (this.#isSending) await this.#sends;
        await this.#tell(event);
      }
    } catch (thrown) {
      this.#streams.abandon(this.#known(thrown));
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
    if (change.type === 'reply-start') this.#streams.begin(change.reply);
    else if (change.type === 'reply-end') this.#streams.end(change.reply, change.message);
    else if (change.type === 'chat-deleted') {
      this.#streams.abandon(new DomainError('chat-not-found'), change.chatId);
    } else if (change.type === 'chat-cleared') {
      this.#streams.abandon(new DomainError('reply-not-found'), change.chatId);
    }
  }
}

type Acknowledge = (answer: { message_id: number }) => void;
