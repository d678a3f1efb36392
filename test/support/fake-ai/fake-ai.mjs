// @ts-check
import { once } from 'node:events';
import { createServer } from 'node:http';
import { play } from './play.mjs';
import { defaultScript, readScript } from './script.mjs';
import { send } from './speak.mjs';
import { createTicker } from './ticker.mjs';
import { tongues } from './tongues/index.mjs';

export { answerText } from './tongues/token-frames.mjs';

/**
 * A real HTTP server that speaks the vendors' protocols and does what each request tells it to.
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
      const tongue =
        Object.values(tongues).find(({ base }) => request.url.startsWith(base)) ?? tongues.openai;
      const path = request.url.slice(tongue.base.length);
      const spoken = readScript(String(body.model ?? ''), tongue.lastTextOf(body));
      const asked = { ...defaultScript, ...base, ...spoken };
      note(request, response, body);
      if (apiKey !== '' && tongue.keyOf(request.headers) !== apiKey)
        return send(response, 401, tongue.errorBody('Incorrect API key provided', 401, 'invalid_api_key'));
      if (request.method === 'GET' && path.split('?')[0] === tongue.list)
        return send(response, 200, tongue.models(models));
      if (request.method !== 'POST' || !tongue.asks(path))
        return send(response, 404, tongue.errorBody(`There is no ${request.url}`, 404));
      await play({ body, tongue, script: relent(asked, { tongue, body }), request, response, ticker });
    } catch (error) {
      console.error('fake AI:', error);
      response.destroy();
    }
  };
  const server = createServer((request, response) => void answer(request, response));

  /** After `times` failures the same prompt gets an answer. @param {any} script @param {any} question */
  const relent = (script, { tongue, body }) => {
    if (script.times === Infinity) return script;
    const key = JSON.stringify([tongue.base, body.model, tongue.turnsOf(body)]);
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

  const origin = `http://127.0.0.1:${address.port}`;
  const urlOf = (/** @type {keyof typeof tongues} */ name) => origin + tongues[name].base;
  return {
    url: urlOf('openai'),
    urls: {
      openai: urlOf('openai'),
      ollama: urlOf('ollama'),
      anthropic: urlOf('anthropic'),
      google: urlOf('google'),
      mistral: urlOf('mistral'),
    },
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
