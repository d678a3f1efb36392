import { readStream } from './stream-reader.mjs';
import { scriptOf, stagger } from './streams.mjs';

/**
 * Has replies written where their places are, each read there and on another server at the same time. Gives how late each token was at
 * both, in milliseconds behind the AI's rate, and how much later at the other.
 * @param {readonly { token: string, chat: string, connection: import('./http-connection.mjs').HttpConnection }[]} places
 * @param {{ here: string, there: string, script: import('./streams.mjs').Script }} options
 */
export async function delaysBetween(places, { here, there, script }) {
  const all = { here: [], there: [], between: [] };
  const watched = await stagger(
    places.map((place) => () => watch(place, { here, there, script })),
    1_000 / script.rate / places.length,
  );
  for (const { askedAt, atHere, atThere } of watched)
    for (const [index, at] of atHere.entries()) {
      const due = askedAt + (index * 1_000) / script.rate;
      const later = atThere[index] ?? Number.NaN;
      all.here.push(at - due);
      all.there.push(later - due);
      all.between.push(later - at);
    }
  return all;
}

async function watch({ token, chat, connection }, { here, there, script }) {
  const askedAt = performance.now();
  const path = `/api/v1/chats/${chat}/messages`;
  const { reply } = await connection.json('POST', path, { text: scriptOf(script) });
  const read = async (url) => {
    const record = await readStream(`${url}/api/v1/replies/${reply.id}/events`, { token });
    record.replyText();
    return record.tokenTimes();
  };
  const [atHere, atThere] = await Promise.all([read(here), read(there)]);
  if (atHere.length !== script.count || atThere.length !== script.count)
    throw new Error(`Of ${script.count} tokens, ${atHere.length} were seen here and ${atThere.length} there`);
  return { askedAt, atHere, atThere };
}
