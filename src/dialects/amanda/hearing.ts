import { createHash } from 'node:crypto';
import { BoundedMap } from '../../core/bounded-map.ts';
import type { Core } from '../../core/core.ts';
import { DomainError } from '../../core/errors.ts';
import type { Actor } from '../../core/ports.ts';
import type { VoiceMessage } from './voice-message.ts';

/** What was said in a voice message. @throws DomainError `speech-not-heard`; as `Voice.transcribe` */
export type Hear = (actor: Actor, message: VoiceMessage, signal: AbortSignal) => Promise<string>;

const remembered = 200;

/**
 * Turns voice messages into text. One that comes again with its `client_message_id` is not heard anew: a second hearing may differ in
 * a word, and would then be other content under the same key.
 */
export function createHearing(core: Pick<Core, 'voice'>): Hear {
  const heard = new BoundedMap<string, string>(remembered);
  return async (actor, message, signal) => {
    const key = keyOf(actor, message);
    const known = key === undefined ? undefined : heard.get(key);
    if (known !== undefined) return known;
    const { audio: bytes, language } = message;
    const recording = { bytes, ...(language === undefined ? {} : { language }) };
    const text = await core.voice.transcribe(actor, async () => recording, signal);
    if (text === '') throw new DomainError('speech-not-heard');
    if (key !== undefined) heard.set(key, text);
    return text;
  };
}

function keyOf({ userId }: Actor, { audio, idempotencyKey }: VoiceMessage): string | undefined {
  if (idempotencyKey === undefined) return undefined;
  return createHash('sha256').update(`${userId} ${idempotencyKey}\n`).update(audio).digest('base64');
}
