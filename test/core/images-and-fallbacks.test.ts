import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/core/ports.ts';
import type { PromptTurn } from '../../src/core/provider.ts';
import { fallBack } from '../../src/providers/guard/fall-back.ts';
import { pngOf } from '../support/made-images.ts';
import { createPlayedAi, type PlayedAi } from '../support/played-ai.ts';
import { openTempCore, type TempCore } from '../support/temp-core.ts';

const png = pngOf({ width: 4, height: 3 });
const image = `data:image/png;base64,${png.toString('base64')}`;
const unseen = '[The user attached "photo.png", an image that you cannot see.]';

let temp: TempCore;
let actor: Actor;
afterEach(() => temp.dispose());

const open = async (...sight: readonly boolean[]): Promise<PlayedAi[]> => {
  const all = sight.map((seesImages) => Object.assign(createPlayedAi(), { seesImages }));
  const [first = createPlayedAi(), ...others] = all;
  temp = await openTempCore({ provider: fallBack(first, others) });
  actor = await temp.newActor();
  return all;
};

/** What each of them is given, in their order: all but the last fail before their first word. */
async function askAll(all: readonly PlayedAi[], message: object): Promise<(PromptTurn | undefined)[]> {
  const { uuid: chat } = await temp.core.chats.create(actor, {});
  const { reply } = await temp.core.messages.send(actor, { chat, text: 'Who is that?', ...message });
  const given: (PromptTurn | undefined)[] = [];
  for (const [index, ai] of all.entries()) {
    const answer = await ai.next();
    given.push(answer.prompt.turns[0]);
    if (index < all.length - 1) answer.breakOff();
    else answer.finish('Somebody.');
  }
  await temp.core.replies.finished(actor, reply.uuid);
  return given;
}

const photo = async () => {
  const file = { name: 'photo.png', bytes: Readable.from([png]) };
  return { attachments: [(await temp.core.attachments.store(actor, file)).uuid] };
};

describe('an image goes to whoever sees, and to nobody else', () => {
  it('when one that sees fails, the next one is told that there was an image', async () => {
    const all = await open(true, false);
    const [first, second] = await askAll(all, await photo());
    expect(first).toEqual({ role: 'user', text: 'Who is that?', imageUrls: [image] });
    expect(second).toMatchObject({ text: `Who is that?\n\n${unseen}` });
    expect(JSON.stringify(second)).not.toContain(png.toString('base64'));
    expect(second?.imageUrls).toHaveLength(1);
  });

  it('when one that does not see fails, the next one has the image', async () => {
    const all = await open(false, true);
    const [first, second] = await askAll(all, await photo());
    expect(first).toMatchObject({ text: `Who is that?\n\n${unseen}` });
    expect(JSON.stringify(first)).not.toContain('base64');
    expect(second).toEqual({ role: 'user', text: 'Who is that?', imageUrls: [image] });
  });

  it('and so with one that is elsewhere', async () => {
    const all = await open(false, true, false);
    const imageUrl = 'https://example.org/a.png';
    const told = 'Who is that?\n\n[The user attached an image that you cannot see.]';
    const [first, second, third] = await askAll(all, { imageUrl });
    expect([first?.text, second?.text, third?.text]).toEqual([told, 'Who is that?', told]);
    expect(second?.imageUrls).toEqual([imageUrl]);
    expect(JSON.stringify([first, third])).not.toContain(imageUrl);
  });

  it('nobody is told of blindness where all see', async () => {
    const all = await open(true, true);
    const turn = { role: 'user', text: 'Who is that?', imageUrls: [image] };
    expect(await askAll(all, await photo())).toEqual([turn, turn]);
  });
});
