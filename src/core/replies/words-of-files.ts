import { attachmentsAmong } from '../attachments/attachment-url.ts';
import type { CoreDependencies } from '../dependencies.ts';
import type { Prompt } from '../provider.ts';
import type { Tables } from '../store.ts';
import type { UserId } from '../users/user.ts';
import { roomForFiles } from './history-budget.ts';

type Deps = Pick<CoreDependencies, 'prompt'>;

/** The most tokens that the words of a prompt's files may be, before anybody reads them: as many as there is room for. */
export async function wordsOfFiles(
  { prompt: settings }: Deps,
  tables: Tables,
  { prompt, userId }: { prompt: Prompt; userId: UserId },
): Promise<number> {
  const room = roomForFiles(settings, prompt);
  let words = 0;
  for (const uuid of attachmentsAmong(prompt.turns.flatMap(({ imageUrls = [] }) => imageUrls))) {
    if (words >= room) break;
    const attachment = await tables.attachments.find(userId, uuid);
    if (!attachment) continue;
    const { mediaType, sizeBytes } = attachment;
    // A byte of text is a token at most; what a PDF holds, its size does not say.
    if (mediaType === 'text/plain') words += sizeBytes;
    else if (mediaType === 'application/pdf') words = room;
  }
  return Math.min(room, words);
}
