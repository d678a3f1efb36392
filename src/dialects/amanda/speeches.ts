import type { FastifyInstance } from 'fastify';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Speech } from '../../core/voice/voice.ts';
import type { VoicePlaces } from '../../core/voice/voice-places.ts';
import type { SocketIoConnection } from '../kit/serve-socket-io.ts';
import { eventSentence } from './errors.ts';
import { knownFailure } from './known-failure.ts';
import { readTextToSpeech, type TextToSpeech } from './text-to-speech.ts';

/** A client gets a speech as one event: longer ones go over HTTP. */
const longestBytes = 8 * 1024 * 1024;
/** How long a client may take to receive one. */
const takingMs = 60_000;
/** How many speeches of one socket may wait to be made. */
const maxWaiting = 8;

type Surroundings = { core: Core; connection: SocketIoConnection; app: FastifyInstance; places: VoicePlaces };
/** Answers an acknowledgement. */
type Acknowledge = (answer: object) => void;

/** What one socket has read aloud: one text after the other, beside its sends. */
export class Speeches {
  readonly #surroundings: Surroundings;
  #last: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The answer goes to the acknowledgement where the client gave one, and else it is an event. */
  ask(payload: unknown, acknowledge: Acknowledge | undefined): void {
    if (this.#waiting >= maxWaiting) return this.#refuse(new DomainError('too-many-requests'), acknowledge);
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      try {
        await this.#speak(payload, acknowledge);
      } catch (thrown) {
        this.#refuse(knownFailure(this.#surroundings.app, thrown), acknowledge);
      } finally {
        this.#waiting -= 1;
      }
    });
  }

  async #speak(payload: unknown, acknowledge: Acknowledge | undefined): Promise<void> {
    const { core, connection, app, places } = this.#surroundings;
    const { actor, address, signal } = connection;
    signal.throwIfAborted();
    const asked = readTextToSpeech(payload);
    await app.rateLimits.take('send', { address, userId: actor.userId });
    const { voice, format } = asked;
    const text = await this.#textOf(asked);
    const leave = places.enter(actor.userId);
    try {
      const manner = {
        ...(voice === undefined ? {} : { voice }),
        ...(format === undefined ? {} : { format }),
      };
      const speech = await core.voice.speak({ text, ...manner }, signal);
      const audio = (await collect(speech)).toString('base64');
      const origin = asked.messageId === undefined ? {} : { message_id: asked.messageId };
      const answer = { audio, media_type: speech.mediaType, ...origin };
      const disallow = connection.allow(audio.length);
      if (acknowledge) acknowledge(answer);
      else connection.emit('speech', answer);
      await taken(connection).finally(disallow);
    } finally {
      leave();
    }
  }

  async #textOf(asked: TextToSpeech): Promise<string> {
    if (asked.messageId === undefined) return asked.text;
    const { core, connection } = this.#surroundings;
    const message = await core.messages.find(connection.actor, asked.messageId);
    if (message.state === 'writing') throw new DomainError('reply-running');
    return message.text;
  }

  /** The page unlocks at any `error`: this one says that it ends no send. */
  #refuse(error: DomainError, acknowledge: Acknowledge | undefined): void {
    const message = eventSentence(error);
    if (acknowledge) acknowledge({ error: message });
    else this.#surroundings.connection.emit('error', { message, event: 'text_to_speech' });
  }
}

async function collect({ bytes }: Speech): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    length += chunk.length;
    if (length > longestBytes) throw new DomainError('speech-too-long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Until then it lies in memory: who takes too long is cut. */
async function taken(connection: SocketIoConnection): Promise<void> {
  const late = setTimeout(() => connection.close(), takingMs);
  await connection.room();
  clearTimeout(late);
}
