import { audioTypeOf } from '../core/voice/audio-type.ts';
import type { VoiceService } from '../core/voice/voice.ts';
import { createVoice, type VoiceSettings } from '../voice/create-voice.ts';
import type { Finding } from './doctor-checks.ts';
import { sentenceOf } from './sentence-of.ts';

const timeoutMs = 20_000;

/** Has each half do something small, and says how soon it was done, or why it was not. */
export async function tryVoice(settings: VoiceSettings): Promise<Finding[]> {
  const { transcriptionModel, speechModel } = settings;
  const voice = createVoice(settings);
  try {
    return await Promise.all([
      ...(transcriptionModel === undefined ? [] : [timed([transcriptionModel, 'hears'], () => hear(voice))]),
      ...(speechModel === undefined ? [] : [timed([speechModel, 'speaks'], () => speak(voice))]),
    ]);
  } finally {
    await voice.close();
  }
}

async function timed(
  [model, does]: [model: string, does: string],
  work: () => Promise<void>,
): Promise<Finding> {
  const startedAt = performance.now();
  try {
    await work();
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    return { verdict: 'ok', says: `${model} ${does}, after ${seconds} s` };
  } catch (thrown) {
    return { verdict: 'problem', says: `${model}: ${sentenceOf(thrown)}` };
  }
}

async function hear(voice: VoiceService): Promise<void> {
  const bytes = silence();
  const { mediaType = '', extension = '' } = audioTypeOf(bytes) ?? {};
  const recording = { bytes, mediaType, name: `recording.${extension}` };
  await voice.transcribe?.(recording, AbortSignal.timeout(timeoutMs));
}

async function speak(voice: VoiceService): Promise<void> {
  const spoken = await voice.speak?.({ text: 'OK' }, AbortSignal.timeout(timeoutMs));
  for await (const _ of spoken?.bytes ?? []);
}

/** Half a second of it, as a WAV file: some services refuse less than a tenth. */
function silence(): Buffer {
  const [samplesPerSecond, bytesPerSample] = [16_000, 2];
  const data = Buffer.alloc((samplesPerSecond * bytesPerSample) / 2);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(samplesPerSecond, 24);
  head.writeUInt32LE(samplesPerSecond * bytesPerSample, 28);
  head.writeUInt16LE(bytesPerSample, 32);
  head.writeUInt16LE(8 * bytesPerSample, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
