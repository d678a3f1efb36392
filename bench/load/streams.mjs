import { setTimeout as pause } from 'node:timers/promises';
import { newChats, newUsers } from './sign-in.mjs';
import { readStream } from './stream-reader.mjs';

/** A user may hold 50 streams. */
const streamsPerUser = 40;

/** What the played vendor is to do. @typedef {{ count: number, rate: number }} Script @param {Script} script */
export const scriptOf = ({ count, rate }) => `fake:count=${count},rate=${rate}`;

/** A chat for each stream, of as many users as that takes. @param {string} url @param {number} streams */
export async function roomFor(url, streams) {
  const users = await newUsers(url, Math.ceil(streams / streamsPerUser), `reader${streams}x`);
  const chats = await Promise.all(
    users.map(async ({ token }) =>
      (await newChats(url, token, streamsPerUser)).map((chat) => ({ token, chat })),
    ),
  );
  return chats.flat().slice(0, streams);
}

/** A reply of the server as a stream. @param {string} url @param {{ token: string, chat: string }} place @param {Script} script */
export const askParlance = (url, { token, chat }, script) =>
  readStream(`${url}/api/v1/chats/${chat}/messages`, { token, body: { text: scriptOf(script) } });

/** The same answer straight from the played vendor. @param {string} url @param {Script} script */
export const askVendor = (url, script) =>
  readStream(`${url}/chat/completions`, {
    body: { model: 'fake-model', stream: true, messages: [{ role: 'user', content: scriptOf(script) }] },
  });

/** Starts one after the other at even distances; resolves when all have ended. @param {(() => Promise<any>)[]} streams @param {number} everyMs */
export async function stagger(streams, everyMs) {
  const startedAt = performance.now();
  const running = [];
  for (const [index, start] of streams.entries()) {
    const wait = startedAt + index * everyMs - performance.now();
    if (wait > 0) await pause(wait);
    running.push(start());
  }
  return Promise.all(running);
}

/**
 * Keeps so many streams running: each is begun twice, at even distances, the second time when the first has ended. By the first round
 * the streams come to be, by the second they are all there. A stream that fails is undefined.
 * @template Stream @param {(() => Promise<Stream>)[]} streams @param {number} everyMs @param {(reason: Error) => void} onFailure
 * @returns {Promise<{ first: (Stream | undefined)[], second: (Stream | undefined)[] }>}
 */
export async function keepRunning(streams, everyMs, onFailure) {
  const safely = (start) =>
    start().catch((reason) => {
      onFailure(reason);
    });
  const first = [];
  const records = await stagger(
    [
      ...streams.map((start, index) => () => (first[index] = safely(start))),
      ...streams.map((start, index) => async () => {
        await first[index];
        return safely(start);
      }),
    ],
    everyMs,
  );
  return { first: records.slice(0, streams.length), second: records.slice(streams.length) };
}

export const providerEnv = (vendorUrl) => ({
  AI_PROVIDER: 'openai',
  AI_MODEL: 'fake-model',
  OPENAI_BASE_URL: vendorUrl,
});
