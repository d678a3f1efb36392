// @ts-check
import { faults } from './faults.mjs';
import {
  deltaFrame,
  doneFrame,
  finishFrame,
  roleFrame,
  textFrames,
  tokenFrames,
  usageFrame,
} from './frames.mjs';
import { json, send, usageOf, write } from './speak.mjs';

/**
 * Answers one request as its script says.
 * @param {import('./scene.d.mts').Scene} scene
 */
export const play = async (scene) => {
  const { script, response, body } = scene;
  if (script.status !== 200) return refuse(scene);
  const fault = script.fault === '' ? undefined : faults[script.fault];
  if (script.fault !== '' && !fault) throw new Error(`The fake AI knows no fault "${script.fault}"`);
  if (fault?.instead) return fault.instead(scene);
  if (!body.stream) return json(scene);

  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.write(roleFrame);
  for (let index = 0; index < script.reasoning; index += 1)
    response.write(deltaFrame({ reasoning_content: `r${index} ` }));
  if (!(await writeTokens(scene, 0, fault ? Math.min(script.at, script.count) : script.count))) return;
  if (fault?.midway) {
    await fault.midway(scene);
    return;
  }
  await write(scene, finishFrame(script.finish));
  const asked = body.stream_options?.include_usage === true;
  if (script.usage === 'on' || (script.usage === 'asked' && asked))
    await write(scene, usageFrame(usageOf(scene)));
  if (script.split && script.done) await write(scene, doneFrame);
  // The last event and the end travel in one packet, as with most servers.
  response.end(script.done && !script.split ? doneFrame : undefined);
};

/** Resolves false when the client has gone. @param {import('./scene.d.mts').Scene} scene @param {number} from @param {number} to */
const writeTokens = async (scene, from, to) => {
  const { script, response } = scene;
  if (script.text) {
    for (const bytes of textFrames(script.text)) if (!(await write(scene, bytes))) return false;
    return true;
  }
  if (script.rate > 0) return atRate(scene, from, to);
  const batch = script.split ? 1 : 64;
  for (let next = from; next < to; next += batch) {
    if (!(await write(scene, tokenFrames(next, Math.min(to, next + batch))))) return false;
  }
  return !response.destroyed;
};

/** @param {import('./scene.d.mts').Scene} scene @param {number} from @param {number} to @returns {Promise<boolean>} */
const atRate = ({ script, response, ticker }, from, to) => {
  const startedAt = performance.now();
  let next = from;
  return new Promise((resolve) => {
    const due = (/** @type {number} */ now) => {
      if (response.destroyed) return (resolve(false), false);
      const owed = Math.min(to, from + 1 + Math.floor(((now - startedAt) * script.rate) / 1000));
      if (owed > next && !response.writableNeedDrain) {
        response.write(tokenFrames(next, owed));
        next = owed;
      }
      if (next < to) return true;
      return (resolve(true), false);
    };
    if (due(startedAt)) ticker.add({ due });
  });
};

/** @param {import('./scene.d.mts').Scene} scene */
const refuse = ({ script, response }) => {
  if (script.retryAfter !== '') response.setHeader('retry-after', script.retryAfter);
  send(response, script.status, {
    error: { message: `The fake AI answers ${script.status}`, type: 'fake_error', code: null },
  });
};
