import { Readable } from 'node:stream';
import Type from 'typebox';
import { speechFormats } from '../core/voice/voice.ts';
import { clientGone } from '../http/client-gone.ts';
import { acceptMultipart } from '../http/multipart.ts';
import type { ApiRoutes } from './api-options.ts';
import { problems } from './problem.ts';
import { receiveRecording } from './receive-recording.ts';

const tags = ['voice'];
const config = { access: 'user', limit: 'send' } as const;
const failures = [
  'voice-unavailable',
  'ai-unreachable',
  'ai-refused',
  'ai-rate-limited',
  'ai-broke-off',
  'ai-answer-unreadable',
  'ai-timed-out',
  'origin-refused',
] as const;

const RecordingForm = Type.Object(
  {
    file: Type.Unsafe<unknown>({ type: 'string', contentMediaType: 'application/octet-stream' }),
    language: Type.Optional(Type.String({ description: 'Where it is known: `en`.' })),
  },
  { description: 'A form with one recording.', examples: [{ file: 'RIFF' }] },
);
const SpeechBody = Type.Object(
  {
    text: Type.String({ description: 'Up to 4,096 characters.' }),
    voice: Type.Optional(Type.String({ description: 'As the voice service calls it.' })),
    format: Type.Optional(Type.Enum([...speechFormats], { description: 'Without it `mp3`.' })),
  },
  { additionalProperties: false, examples: [{ text: 'Hello!' }] },
);
const spoken = ['audio/mpeg', 'audio/ogg', 'audio/aac', 'audio/flac', 'audio/wav'];

/** Hearing and speaking, outside any chat. Nothing of it is stored. */
export const voiceRoutes: ApiRoutes = async (app, { core }) => {
  // The core bounds the file.
  await acceptMultipart(app, { fileBytes: Number.MAX_SAFE_INTEGER, fieldBytes: 1_024 });

  app.post(
    '/transcriptions',
    {
      config,
      // The form is read as it comes in, after the checks.
      validatorCompiler: () => () => true,
      schema: {
        tags,
        operationId: 'transcribe',
        summary: 'Turn speech into text',
        description: 'WAV, MP3, M4A, AAC, Ogg, WebM, FLAC or AMR, by its content.',
        consumes: ['multipart/form-data'],
        body: RecordingForm,
        response: {
          200: Type.Object(
            { text: Type.String({ description: 'Empty where nothing was said.' }) },
            { examples: [{ text: 'What is a compiler?' }] },
          ),
          ...problems({
            codes: [
              ...failures,
              'file-empty',
              'file-too-large',
              'recording-type-refused',
              'media-type-unsupported',
              'server-busy',
            ],
          }),
        },
      },
    },
    async (request, reply) => {
      const receive = (limitBytes: number) => receiveRecording(request, limitBytes);
      return { text: await core.voice.transcribe(request.actor, receive, clientGone(reply)) };
    },
  );

  app.post(
    '/speech',
    {
      config,
      schema: {
        tags,
        operationId: 'speak',
        summary: 'Turn text into speech',
        description: 'The audio comes as it is made, with the type that it has.',
        body: SpeechBody,
        response: {
          200: {
            description: 'The speech.',
            content: Object.fromEntries(
              spoken.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
            ),
          },
          ...problems({
            body: true,
            codes: [...failures, 'text-empty', 'text-not-unicode', 'speech-too-long', 'ai-answer-empty'],
          }),
        },
      },
    },
    async ({ body }, reply) => {
      const { mediaType, bytes } = await core.voice.speak(body, clientGone(reply));
      return reply.type(mediaType).send(Readable.from(bytes));
    },
  );
};
