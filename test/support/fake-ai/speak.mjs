// @ts-check
import { answerText } from './tongues/token-frames.mjs';

/** @param {import('node:http').ServerResponse} response @returns {Promise<void>} */
const drained = (response) =>
  new Promise((resolve) => {
    const end = () => {
      response.off('drain', end);
      response.off('close', end);
      resolve();
    };
    response.on('drain', end);
    response.on('close', end);
  });

/** Writes, byte by byte where the script says so, and waits when the client is slow. @param {import('./scene.d.mts').Scene} scene @param {Buffer} bytes */
export const write = async ({ response, script }, bytes) => {
  if (script.split) {
    for (let index = 0; index < bytes.length && !response.destroyed; index += 1) {
      response.write(bytes.subarray(index, index + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return !response.destroyed;
  }
  if (response.destroyed) return false;
  if (!response.write(bytes)) await drained(response);
  return !response.destroyed;
};

/** A whole answer in one document, as OpenAI words it. @param {import('./scene.d.mts').Scene} scene */
export const json = (scene) => {
  const { script, response, body } = scene;
  const text = script.text ? script.text.join('') : answerText(script.count);
  const { prompt, completion } = countsOf(scene);
  const usage = {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
  send(response, 200, {
    id: 'chatcmpl-fake',
    object: 'chat.completion',
    model: body.model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: script.finish }],
    ...(script.usage === 'off' ? {} : { usage }),
  });
};

/** @param {import('./scene.d.mts').Scene} scene */
export const countsOf = ({ script, body, tongue }) => ({
  prompt: tongue.turnsOf(body).length,
  completion: script.text?.length ?? script.count,
});

/** @param {import('node:http').ServerResponse} response @param {number} status @param {unknown} value */
export const send = (response, status, value) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};
