// @ts-check
import { faults } from './faults.mjs';
import { countsOf, json, send, write } from './speak.mjs';
import { tongues } from './tongues/index.mjs';

/**
 * Answers one request as its script says.
 * @param {import('./scene.d.mts').Scene} scene
 */
export const play = async (scene) => {
  const { script, response, body, tongue } = scene;
  if (script.status !== 200) return refuse(scene);
  const fault = script.fault === '' ? undefined : faults[script.fault];
  if (script.fault !== '' && !fault) throw new Error(`The fake AI knows no fault "${script.fault}"`);
  if (fault?.instead) return fault.instead(scene);
  if (tongue === tongues.openai && !body.stream) return json(scene);

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  if (tongue.start !== '') response.write(tongue.start);
  for (let index = 0; index < script.reasoning; index += 1) response.write(tongue.reasoning(`r${index} `));
  if (!(await writeTokens(scene, 0, fault ? Math.min(script.at, script.count) : script.count))) return;
  if (fault?.midway) {
    await fault.midway(scene);
    return;
  }
  const counts = mayCount(scene) ? countsOf(scene) : undefined;
  await write(scene, Buffer.from(tongue.finish(script.finish, counts)));
  if (counts && tongue.usage) await write(scene, Buffer.from(tongue.usage(counts)));
  const last = script.done ? Buffer.from(tongue.done) : Buffer.alloc(0);
  if (script.split) await write(scene, last);
  // The last event and the end travel in one packet, as with most servers.
  response.end(script.split ? undefined : last);
};

/** OpenAI counts when it is asked to; the others always do. @param {import('./scene.d.mts').Scene} scene */
const mayCount = ({ script, body, tongue }) =>
  script.usage === 'on' ||
  (script.usage === 'asked' && (tongue.usage === undefined || body.stream_options?.include_usage === true));

/** Resolves false when the client has gone. @param {import('./scene.d.mts').Scene} scene @param {number} from @param {number} to */
const writeTokens = async (scene, from, to) => {
  const { script, response, tongue } = scene;
  if (script.text) {
    for (const piece of script.text)
      if (!(await write(scene, Buffer.from(tongue.delta(piece))))) return false;
    return true;
  }
  if (script.rate > 0) return atRate(scene, from, to);
  const batch = script.split ? 1 : 64;
  for (let next = from; next < to; next += batch) {
    if (!(await write(scene, tongue.tokenFrames(next, Math.min(to, next + batch))))) return false;
  }
  return !response.destroyed;
};

/** @param {import('./scene.d.mts').Scene} scene @param {number} from @param {number} to @returns {Promise<boolean>} */
const atRate = ({ script, response, ticker, tongue }, from, to) => {
  const startedAt = performance.now();
  let next = from;
  return new Promise((resolve) => {
    const due = (/** @type {number} */ now) => {
      if (response.destroyed) return (resolve(false), false);
      const owed = Math.min(to, from + 1 + Math.floor(((now - startedAt) * script.rate) / 1000));
      if (owed > next && !response.writableNeedDrain) {
        response.write(tongue.tokenFrames(next, owed));
        next = owed;
      }
      if (next < to) return true;
      return (resolve(true), false);
    };
    if (due(startedAt)) ticker.add({ due });
  });
};

/** @param {import('./scene.d.mts').Scene} scene */
const refuse = ({ script, response, tongue }) => {
  if (script.retryAfter !== '') response.setHeader('retry-after', script.retryAfter);
  send(response, script.status, tongue.errorBody(`The fake AI answers ${script.status}`, script.status));
};
