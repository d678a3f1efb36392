import type { ChatUuid } from '../../core/chats/chat.ts';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Typing, UserEvent } from '../../core/events.ts';
import type { MessageUuid } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports.ts';
import type { ReplyUuid } from '../../core/replies/reply.ts';
import type { Dialect } from '../kit/define-dialect.ts';
import { serveWebSocket, type WebSocketConnection, type WebSocketListener } from '../kit/serve-websocket.ts';
import { sentences } from './errors.ts';
import { chatFrame, errorFrame, type Frame, toFrames, typingFrame } from './frames.ts';
import { presentChat } from './present-chat.ts';
import { readFrame } from './read-frame.ts';

/** "WebSocket Support". */
export const sockets: NonNullable<Dialect['sockets']> = ({ core, readers, app }) =>
  serveWebSocket(app, {
    path: '/ws',
    anyLoopbackPort: true,
    core,
    readers,
    onConnection: (connection, position) => new Talk({ core, log: app.log, connection, position }),
  });

/** How many frames of one client may wait for their turn; more wait in the network. */
const maxWaitingFrames = 100;

/** One device: what it says, one frame after the other, and everything of its user that it is told. */
class Talk implements WebSocketListener {
  readonly #core: Core;
  readonly #log: Log;
  readonly #connection: WebSocketConnection;
  /** What it has said of typing and not yet heard back itself: the other devices of its login are told the same. */
  readonly #ownTyping: Pick<Typing, 'chatUuid' | 'isTyping'>[] = [];
  /** Replies that it knows to be written. */
  readonly #writing = new Set<ReplyUuid>();
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor({ core, log, connection, position }: Surroundings) {
    this.#core = core;
    this.#log = log;
    this.#connection = connection;
    void this.#follow(position);
  }

  onFrame(text: Buffer | undefined): void {
    if (this.#waiting >= maxWaitingFrames) return this.#connection.close('refused');
    this.#waiting += 1;
    this.#turn = this.#turn.then(() => this.#take(text)).finally(() => (this.#waiting -= 1));
  }

  async #take(text: Buffer | undefined): Promise<void> {
    const { actor, signal } = this.#connection;
    if (signal.aborted) return;
    try {
      const frame = readFrame(text);
      if (frame.type === 'read') await this.#core.messages.deliver(actor, frame.messageUuid, 'read');
      else await this.#type(frame.chatUuid, frame.isTyping);
    } catch (thrown) {
      const error = this.#explain(thrown);
      this.#tell(errorFrame(sentences[error.code] ?? error.message));
    }
  }

  async #type(chatUuid: ChatUuid, isTyping: boolean): Promise<void> {
    const own = { chatUuid, isTyping };
    this.#ownTyping.push(own);
    try {
      await this.#core.chats.type(this.#connection.actor, chatUuid, isTyping);
    } catch (thrown) {
      this.#ownTyping.splice(this.#ownTyping.indexOf(own), 1);
      throw thrown;
    }
  }

  async #follow(position: number): Promise<void> {
    const { actor, signal } = this.#connection;
    try {
      for await (const event of this.#core.feed.follow(actor, position, signal)) {
        if (signal.aborted) return;
        await this.#hear(event);
      }
    } catch (thrown) {
      this.#explain(thrown);
    }
    // It was too slow, or the database is away: it comes back and reads afresh.
    this.#connection.close('try again later');
  }

  /** What nobody foresaw is logged with its cause, which no client sees. */
  #explain(thrown: unknown): DomainError {
    const error = DomainError.from(thrown);
    if (error.kind === 'internal') this.#log.error({ err: error.cause }, 'A frame could not be handled');
    return error;
  }

  async #hear(event: UserEvent): Promise<void> {
    if (event.type === 'text-delta') {
      // Of a reply that was being written before this device came.
      if (!this.#writing.has(event.replyUuid)) this.#tell(typingFrame(event.chatUuid, 'ai', true));
      this.#writing.add(event.replyUuid);
    } else if (event.type === 'typing') {
      if (!this.#isOwn(event)) this.#tell(typingFrame(event.chatUuid, 'user', event.isTyping));
    } else if (event.type === 'reset') {
      this.#connection.close('try again later');
    } else {
      const { change } = event;
      if (change.type === 'reply-start') this.#writing.add(change.reply.uuid);
      if (change.type === 'reply-end') this.#writing.delete(change.reply.uuid);
      if (change.type === 'chat-updated' || change.type === 'branch-switched')
        await this.#tellChat(change.chat.uuid);
      if (change.type === 'chat-cleared') await this.#tellChat(change.chatUuid);
      for (const frame of toFrames(change)) this.#tell(frame);
    }
  }

  /** As it is now; the app has no word for a chat that lost its messages. One that is gone by now has a frame of its own. */
  async #tellChat(chatUuid: ChatUuid): Promise<void> {
    const { actor } = this.#connection;
    try {
      const chat = await this.#core.chats.find(actor, chatUuid);
      this.#tell(chatFrame(await presentChat(this.#core, actor, chat)));
    } catch (thrown) {
      if (!(thrown instanceof DomainError && thrown.code === 'chat-not-found')) throw thrown;
    }
  }

  #isOwn({ sessionId, chatUuid, isTyping }: Typing): boolean {
    if (sessionId !== this.#connection.actor.sessionId) return false;
    const index = this.#ownTyping.findIndex((own) => own.chatUuid === chatUuid && own.isTyping === isTyping);
    if (index >= 0) this.#ownTyping.splice(index, 1);
    return index >= 0;
  }

  #tell(frame: Frame): void {
    const { data } = frame;
    const isNew = frame.type === 'message' && data['status'] === 'sent';
    this.#connection.send(
      JSON.stringify(frame),
      isNew ? () => this.#markDelivered(data['id'] as MessageUuid) : undefined,
    );
  }

  #markDelivered(messageUuid: MessageUuid): void {
    this.#core.messages.deliver(this.#connection.actor, messageUuid, 'delivered').catch(() => {
      // It was deleted meanwhile, or the database is away: the next device that gets it says so.
    });
  }
}

type Surroundings = { core: Core; log: Log; connection: WebSocketConnection; position: number };
