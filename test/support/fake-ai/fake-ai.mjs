// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { play } from './play.mjs';
import { defaultScript, readScript } from './script.mjs';
import { send } from './speak.mjs';
import { createTicker } from './ticker.mjs';

export { answerText } from './frames.mjs';

/**
 * A real HTTP server that speaks the vendor's protocol and does what each request tells it to.
 * @param {import('./fake-ai.d.mts').FakeAiOptions} [options]
 */
export const createFakeAi = async ({
  port = 0,
  models = ['fake-model'],
  apiKey = '',
  script: base = {},
  kept = 1000,
} = {}) => {
  const ticker = createTicker();
  /** @type {import('./fake-ai.d.mts').FakeRequest[]} */
  const requests = [];
  /** @type {{ accepts: (request: any) => boolean; resolve: (request: any) => void }[]} */
  const waiters = [];
  /** @type {Map<string, number>} */
  const plays = new Map();

  const answer = async (request, response) => {
    try {
      const body = await readBody(request);
      const asked = { ...defaultScript, ...base, ...readScript(body) };
      note(request, response, body);
      if (apiKey !== '' && request.headers.authorization !== `Bearer ${apiKey}`) {
        return send(response, 401, {
          error: { message: 'Incorrect API key provided', code: 'invalid_api_key' },
        });
      }
      if (request.method === 'GET' && request.url === '/v1/models') {
        return send(response, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
      }
      if (request.method !== 'POST' || request.url !== '/v1/chat/completions') {
        return send(response, 404, { error: { message: `There is no ${request.url}` } });
      }
      await play({ body, script: relent(asked, body), request, response, ticker });
    } catch (error) {
      console.error('fake AI:', error);
      response.destroy();
    }
  };
  const server = createServer((request, response) => void answer(request, response));

  /** After `times` failures the same prompt gets an answer. @param {any} script @param {any} body */
  const relent = (script, body) => {
    if (script.times === Infinity) return script;
    const key = JSON.stringify([body.model, body.messages]);
    const played = (plays.get(key) ?? 0) + 1;
    plays.set(key, played);
    return played > script.times ? { ...script, fault: '', status: 200 } : script;
  };

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response @param {any} body */
  const note = (request, response, body) => {
    /** @type {Promise<'answered' | 'left'>} */
    const ended = new Promise((resolve) =>
      response.once('close', () => resolve(response.writableFinished ? 'answered' : 'left')),
    );
    const { method = '', url = '', headers, socket } = request;
    const noted = { method, path: url, headers, body, port: socket.remotePort ?? 0, ended };
    requests.push(noted);
    if (requests.length > kept) requests.shift();
    for (const waiter of waiters.filter(({ accepts }) => accepts(noted))) {
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.resolve(noted);
    }
  };

  server.keepAliveTimeout = 60_000;
  server.listen({ port, host: '127.0.0.1', backlog: 2048 });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fake AI has no port');

  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    requests,
    /** @param {(request: any) => boolean} [accepts] */
    nextRequest: (accepts = () => true) => new Promise((resolve) => waiters.push({ accepts, resolve })),
    close: async () => {
      ticker.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

/** A URL on which nobody listens. */
export const unreachableUrl = async () => {
  const fake = await createFakeAi();
  await fake.close();
  return fake.url;
};

/** @param {import('node:http').IncomingMessage} request */
const readBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? {} : JSON.parse(text);
};
