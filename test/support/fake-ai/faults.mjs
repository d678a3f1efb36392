// @ts-check
import { json, send, write } from './speak.mjs';

/** @typedef {(scene: import('./scene.d.mts').Scene) => unknown} Act */

const silence = () => {
  // Nothing more is ever said: the client has to give up.
};

/** Why it ends, without anything after it. */
const finish = (/** @type {import('./scene.d.mts').Scene} */ { tongue, script }) =>
  Buffer.from(tongue.finish(script.finish, undefined));

const headersOnly = (/** @type {import('./scene.d.mts').Scene} */ { response }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};

/** Says something over and over until the client goes. @param {(scene: import('./scene.d.mts').Scene) => Buffer} say @returns {Act} */
const forever = (say) => async (scene) => {
  const bytes = say(scene);
  while (await write(scene, bytes)) await new Promise((resolve) => setImmediate(resolve));
};

/** Every way to fail: `instead` of an answer, or `midway`, after the first `at` tokens. @type {Record<string, { instead?: Act; midway?: Act }>} */
export const faults = {
  'hang-before-headers': { instead: silence },
  'hang-before-token': { instead: headersOnly },
  'hang-between-tokens': { midway: silence },
  'hang-after-finish': { midway: (scene) => write(scene, finish(scene)) },
  'comments-forever': {
    midway: async ({ response }) => {
      const timer = setInterval(() => response.write(': still here\n\n'), 5);
      response.once('close', () => clearInterval(timer));
    },
  },
  'close-before-headers': { instead: ({ response }) => response.destroy() },
  'cut-before-token': {
    instead: (scene) => {
      headersOnly(scene);
      scene.response.write(': hello\n\n', () => scene.response.destroy());
    },
  },
  cut: { midway: ({ response, tongue }) => response.write(tongue.half, () => response.destroy()) },
  end: { midway: ({ response }) => response.end() },
  'late-end': {
    midway: async (scene) => {
      await write(scene, Buffer.concat([finish(scene), Buffer.from(scene.tongue.done)]));
      setImmediate(() => setImmediate(() => scene.response.end()));
    },
  },
  'done-without-finish': { midway: ({ response, tongue }) => response.end(tongue.done) },
  'cut-after-finish': {
    midway: (scene) => scene.response.write(finish(scene), () => scene.response.destroy()),
  },
  'garbage-bytes': {
    midway: ({ response }) => response.end(Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a, 0x0a])),
  },
  'garbage-json': { midway: ({ response, tongue }) => response.end(tongue.garbage) },
  'garbage-text': {
    instead: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end('Traceback (most recent call last):\n  File "server.py"\n\n');
    },
  },
  'not-http': { instead: ({ request }) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n') },
  html: {
    instead: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html><body>Welcome to the proxy</body></html>');
    },
  },
  'error-event': {
    midway: ({ response, tongue }) => response.end(tongue.errorEvent('The model has crashed')),
  },
  'error-field': {
    midway: ({ response }) => response.end('error: {"message":"out of memory","code":500}\n\n'),
  },
  'long-line': { midway: forever(() => Buffer.alloc(65_536, 'x')) },
  'long-answer': { midway: forever(({ tongue }) => Buffer.from(tongue.delta('x'.repeat(60_000)))) },
  json: { instead: json },
  redirect: {
    instead: ({ request, response }) => {
      response.writeHead(307, { location: `http://${request.headers.host}/elsewhere` });
      response.end();
    },
  },
  'refuses-stream-options': {
    instead: (scene) =>
      send(scene.response, 400, {
        error: { message: "Unknown parameter: 'stream_options'.", type: 'invalid_request_error' },
      }),
  },
  'out-of-credit': {
    instead: ({ response, tongue }) =>
      send(response, 429, tongue.errorBody('You exceeded your current quota', 429, 'insufficient_quota')),
  },
  'echoes-key': {
    instead: ({ request, response, tongue }) =>
      send(
        response,
        401,
        tongue.errorBody(`Incorrect API key provided: Bearer ${tongue.keyOf(request.headers)}`, 401),
      ),
  },
};
