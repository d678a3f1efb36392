import type { ChatId } from '../../core/chats/chat.ts';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { TextDelta } from '../../core/events.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Reply, ReplyUuid } from '../../core/replies/reply.ts';
import type { SocketIoConnection } from '../kit/serve-socket-io.ts';
import { eventSentence } from './errors.ts';

type Stream = {
  uuid: ReplyUuid;
  chatId: ChatId;
  /** How much of its text this socket has seen, in UTF-16 code units. */
  shown: number;
  /** The end of that, which is kept back until the client has room for it. */
  unsent: string;
  /** How many sends of this socket wait for its end: more than one only for duplicates. */
  awaited: number;
};

/**
 * What one socket is told of replies: those it asked for word by word, and those it did not as a whole, as long as they cannot be taken
 * for the former. However a reply's text arrives, the tokens of a socket join to exactly its full text.
 */
export class ReplyStreams {
  /** The chat that this socket has sent to last. */
  latestChat: ChatId | null = null;
  readonly #core: Core;
  readonly #connection: SocketIoConnection;
  /** Those that it asked for. */
  readonly #streams = new Map<ReplyUuid, Stream>();
  #awaited = 0;
  #isWaiting = false;

  constructor(core: Core, connection: SocketIoConnection) {
    this.#core = core;
    this.#connection = connection;
  }

  /** How many sends still wait for their end. */
  get awaited(): number {
    return this.#awaited;
  }

  /** The socket has asked for a reply: from now on it gets all its text, and its end. */
  expect({ uuid, chatId }: Reply): void {
    const stream = this.#streams.get(uuid) ?? { uuid, chatId, shown: 0, unsent: '', awaited: 0 };
    this.#streams.set(uuid, stream);
    stream.awaited += 1;
    this.#awaited += 1;
  }

  async addText({ replyUuid, start, text }: TextDelta): Promise<void> {
    const stream = this.#streams.get(replyUuid);
    if (!stream) return;
    // Part of it may have been seen, or something before it may have been said before this socket asked.
    const isNext = start <= stream.shown;
    this.#show(stream, isNext ? text.slice(stream.shown - start) : await this.#textAfter(stream));
  }

  end(reply: Reply, message: Message | null): void {
    const stream = this.#streams.get(reply.uuid);
    if (!stream) return this.#tellWhole(reply, message);
    this.#streams.delete(reply.uuid);
    const isGood = reply.state === 'complete' || reply.state === 'stopped';
    if (message === null || !isGood) {
      return this.#fail(stream, new DomainError(reply.errorCode ?? failureOf[reply.state] ?? 'server-error'));
    }
    this.#show(stream, message.text.slice(stream.shown));
    this.#sendText(stream);
    const complete = { message_id: message.id, full_text: message.text };
    for (; stream.awaited > 0; stream.awaited -= 1, this.#awaited -= 1) {
      this.#connection.emit('message_complete', complete);
    }
  }

  /** Ends what belongs to a chat whose messages are gone, or everything. */
  abandon(error: DomainError, chatId?: number): void {
    for (const stream of this.#streams.values()) {
      if (chatId !== undefined && stream.chatId !== chatId) continue;
      this.#streams.delete(stream.uuid);
      this.#fail(stream, error);
    }
  }

  /**
   * The page adds tokens to whatever chat it shows, behind those that it has, and unlocks at any end: what it did not ask for comes at
   * once, and only where it cannot be mistaken. See docs/decisions/0011.
   */
  #tellWhole({ chatId }: Reply, message: Message | null): void {
    const isShown = this.#awaited === 0 && (this.latestChat === null || this.latestChat === chatId);
    if (message === null || !isShown) return;
    const origin = { chat_id: chatId, message_id: message.id };
    this.#connection.emit('message_token', { text: message.text, ...origin });
    this.#connection.emit('message_complete', { full_text: message.text, ...origin });
  }

  #show(stream: Stream, text: string): void {
    if (text === '') return;
    stream.shown += text.length;
    stream.unsent += text;
    if (this.#connection.hasRoom) return this.#sendText(stream);
    this.#connection.hold(text);
    this.#waitForRoom();
  }

  #sendText(stream: Stream): void {
    const text = stream.unsent;
    stream.unsent = '';
    if (text !== '') this.#connection.emit('message_token', { text });
  }

  /** What a slow client was not sent meanwhile reaches it as one piece. */
  #waitForRoom(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#connection.room().then(() => {
      this.#isWaiting = false;
      for (const stream of this.#streams.values()) this.#sendText(stream);
    });
  }

  #fail(stream: Stream, error: DomainError): void {
    this.#sendText(stream);
    for (; stream.awaited > 0; stream.awaited -= 1, this.#awaited -= 1) {
      this.#connection.emit('error', { message: eventSentence(error) });
    }
  }

  async #textAfter({ uuid, shown }: Stream): Promise<string> {
    const { actor, signal } = this.#connection;
    for await (const event of this.#core.replies.follow(actor, uuid, { after: shown, signal })) {
      return event.type === 'text-delta' ? event.text : '';
    }
    return '';
  }
}

/** Why a reply without a word and without an error ended. */
const failureOf: Partial<Record<Reply['state'], 'reply-stopped' | 'reply-interrupted'>> = {
  stopped: 'reply-stopped',
  interrupted: 'reply-interrupted',
};
