import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { samples } from '../sample-files.ts';

/** What the service does with one request, where it does not simply answer. */
export type VoiceScene = {
  status?: number;
  headers?: Record<string, string>;
  /** The whole answer, instead of the one that fits. */
  body?: string | Buffer;
  /** What a recording says. */
  said?: string;
  /** Says nothing at all, stops in the middle, or cuts the connection there. */
  fault?: 'silence' | 'stall' | 'cut';
};

export type FormFile = { name: string; type: string; bytes: Buffer };
export type VoiceRequest = {
  path: string;
  headers: IncomingHttpHeaders;
  /** The fields of a form, or of a JSON body. */
  fields: Record<string, unknown>;
  file: FormFile | undefined;
  /** `left`: the connection was closed before the answer was complete. */
  ended: Promise<'answered' | 'left'>;
};

export type FakeVoice = {
  /** With its `/v1`. */
  url: string;
  /** What was asked so far, oldest first. */
  requests: VoiceRequest[];
  /** The next request that arrives. */
  nextRequest(): Promise<VoiceRequest>;
  /** What happens to the next request; those behind it are answered. */
  play(scene: VoiceScene): void;
  close(): Promise<void>;
};

/** The audio that it speaks: what the format says, and behind it the text, so that a test can tell it. */
export const spokenAudio = (text: string, format = 'mp3'): Buffer => {
  const head = samples[format]?.bytes ?? Buffer.from('fLaC');
  return Buffer.concat([head, Buffer.from(text)]);
};

/** A voice service over real HTTP: it takes forms and JSON apart, and hears and says what it is told to. */
export async function createFakeVoice(): Promise<FakeVoice> {
  const requests: VoiceRequest[] = [];
  const waiters: ((request: VoiceRequest) => void)[] = [];
  const scenes: VoiceScene[] = [];
  const server = createServer((request, response) => {
    const ended = new Promise<'answered' | 'left'>((resolve) => {
      response.once('close', () => resolve(response.writableFinished ? 'answered' : 'left'));
    });
    readRequest(request).then(
      (read) => {
        const asked = { ...read, ended };
        requests.push(asked);
        for (const waiter of waiters.splice(0)) waiter(asked);
        answer(response, asked, scenes.shift() ?? sceneFor(asked));
      },
      (error: unknown) => response.writeHead(400).end(JSON.stringify({ error: { message: String(error) } })),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    nextRequest: () => new Promise((resolve) => waiters.push(resolve)),
    play: (scene) => void scenes.push(scene),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A model by the name of mute is not there. */
const sceneFor = ({ fields }: VoiceRequest): VoiceScene =>
  fields['model'] === 'mute' ? { status: 404 } : {};

async function readRequest(request: IncomingMessage): Promise<Omit<VoiceRequest, 'ended'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { headers, url: path = '' } = request;
  const body = Buffer.concat(chunks);
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) {
    const fields = body.length > 0 ? (JSON.parse(body.toString()) as Record<string, unknown>) : {};
    return { path, headers, fields, file: undefined };
  }
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const fields: Record<string, unknown> = {};
  let file: FormFile | undefined;
  for (const [name, value] of form) {
    if (typeof value === 'string') fields[name] = value;
    else file = { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return { path, headers, fields, file };
}

function answer(response: ServerResponse, request: Omit<VoiceRequest, 'ended'>, scene: VoiceScene): void {
  const { status = 200, headers = {}, fault } = scene;
  if (fault === 'silence') return;
  const body = Buffer.from(scene.body ?? bodyFor(request, scene));
  response.writeHead(status, headers);
  if (fault === undefined) return void response.end(body);
  // Enough to tell what it is, and not all of it.
  response.write(body.subarray(0, -1), () => {
    if (fault === 'cut') response.destroy();
  });
}

function bodyFor({ path, fields }: Omit<VoiceRequest, 'ended'>, { said }: VoiceScene): string | Buffer {
  if (path.endsWith('/audio/transcriptions')) return JSON.stringify({ text: said ?? ' What is a compiler?' });
  return spokenAudio(String(fields['input']), String(fields['response_format']));
}
