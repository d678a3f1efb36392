import type { Attachment } from '../attachments/attachment.ts';
import { attachmentsAmong } from '../attachments/attachment-url.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { DomainError } from '../errors.ts';
import type { Prompt, PromptTurn, Provider } from '../provider.ts';
import { estimateTokens } from '../usage/estimate-tokens.ts';
import type { UserId } from '../users/user.ts';
import { frameFile, nameFile } from './frame-file.ts';

type Deps = Pick<CoreDependencies, 'store' | 'files' | 'texts' | 'remoteImages'>;
type ShowFiles = {
  prompt: Prompt;
  userId: UserId;
  provider: Provider;
  tokens: number;
  signal: AbortSignal;
};
type Showing = Deps & Omit<ShowFiles, 'prompt' | 'tokens'> & { left: { tokens: number; images: number } };

/** What vendors take as images. */
const visible = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
/** The newest ones; a conversation with many would be too large for any vendor. */
const mostImages = 10;
const mostImageBytes = 20 * 1024 * 1024;

/**
 * A prompt whose turns name files, with the files in it: images as data URLs for a model that sees, the words of texts and PDFs in the text
 * of their turn, and of everything else a sentence that says what the model is not shown. The newest files come first where there is no
 * room for all. @throws DomainError `files-unavailable`; the signal's reason as soon as it aborts
 */
export async function showFiles(deps: Deps, input: ShowFiles): Promise<Prompt> {
  const { prompt, tokens, ...rest } = input;
  if (prompt.turns.every(({ imageUrls }) => imageUrls === undefined)) return prompt;
  const showing: Showing = { ...deps, ...rest, left: { tokens, images: mostImages } };
  const turns: PromptTurn[] = [];
  for (const turn of prompt.turns.toReversed()) turns.unshift(await showTurn(showing, turn));
  return { ...prompt, turns };
}

async function showTurn(showing: Showing, turn: PromptTurn): Promise<PromptTurn> {
  const { imageUrls, ...rest } = turn;
  if (imageUrls === undefined) return turn;
  const shown: Shown[] = [];
  for (const url of imageUrls) shown.push(await unlessAborted(showing.signal, () => show(showing, url)));
  const images = shown.flatMap(({ image }) => image ?? []);
  const texts = [turn.text, ...shown.map(({ text = '' }) => text)].filter((text) => text !== '');
  const unseen = showing.provider.mayBeBlind ? shown.flatMap((one) => one.unseen ?? []) : [];
  return {
    ...rest,
    text: texts.join('\n\n'),
    ...(images.length > 0 ? { imageUrls: images } : {}),
    ...(unseen.length > 0 ? { unseen: unseen.join('\n\n') } : {}),
  };
}

/** `unseen`: what those are told that do not see the image, where others may. */
type Shown = { image?: string; text?: string; unseen?: string };

/** What is still being read when the signal aborts goes on for nobody: a store of files may take its time to answer. */
async function unlessAborted<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  let abort = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

async function show(showing: Showing, url: string): Promise<Shown> {
  const [uuid] = attachmentsAmong([url]);
  if (uuid === undefined) return showForeign(showing, url);
  const attachment = await showing.store.attachments.find(showing.userId, uuid);
  if (!attachment) return { text: '[The user attached a file that is no longer there.]' };
  if (attachment.mediaType.startsWith('image/')) return showImage(showing, attachment, url);
  if (attachment.mediaType.startsWith('audio/'))
    return { text: nameFile(attachment, 'a recording that you cannot hear') };
  return { text: await readWords(showing, attachment) };
}

async function showImage(
  { files, provider, left, signal }: Showing,
  attachment: Attachment,
  url: string,
): Promise<Shown> {
  const { uuid, mediaType, sizeBytes } = attachment;
  const unseen = nameFile(attachment, 'an image that you cannot see');
  // The address goes along: some answer that an image came which they cannot see.
  if (!provider.seesImages) return { image: url, text: unseen };
  if (!visible.has(mediaType))
    return { text: nameFile(attachment, 'an image of a kind that you cannot see') };
  if (left.images === 0 || sizeBytes > mostImageBytes) {
    return { text: nameFile(attachment, 'an image that is not shown to you') };
  }
  left.images -= 1;
  const bytes = await files.read(uuid);
  if (!bytes) return { text: nameFile(attachment, 'an image that is no longer there') };
  const chunks: Uint8Array[] = [];
  for await (const chunk of orUnavailable(bytes)) {
    signal.throwIfAborted();
    chunks.push(chunk);
  }
  return { image: dataUrl(mediaType, Buffer.concat(chunks)), unseen };
}

async function readWords({ files, texts, left }: Showing, attachment: Attachment): Promise<string> {
  const found = await texts?.read(attachment, async () => {
    const bytes = await files.read(attachment.uuid);
    if (!bytes) throw new DomainError('files-unavailable');
    return orUnavailable(bytes);
  });
  const framed = frameFile(attachment, found, left.tokens);
  left.tokens = Math.max(0, left.tokens - estimateTokens(framed));
  return framed;
}

/** An image that is not one of ours: in the URL itself, or somewhere on the web. */
async function showForeign(showing: Showing, url: string): Promise<Shown> {
  const { provider, remoteImages, left, signal } = showing;
  const unseen = '[The user attached an image that you cannot see.]';
  if (!provider.seesImages) return { image: url, text: unseen };
  if (left.images === 0) return { text: '[The user attached an image that is not shown to you.]' };
  left.images -= 1;
  if (!provider.needsImageBytes || url.startsWith('data:')) return { image: url, unseen };
  try {
    const { mediaType, bytes } = await fetchImage(remoteImages, url, signal);
    return { image: dataUrl(mediaType, Buffer.from(bytes)), unseen };
  } catch (thrown) {
    if (!(thrown instanceof DomainError)) throw thrown;
    return { text: '[The user attached the address of an image that cannot be fetched.]' };
  }
}

function fetchImage(remoteImages: Deps['remoteImages'], url: string, signal: AbortSignal) {
  if (!remoteImages) throw new DomainError('image-not-fetched');
  return remoteImages.fetch(url, signal);
}

/** What breaks while it is read is a storage that is away. */
async function* orUnavailable(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    throw new DomainError('files-unavailable', { cause });
  }
}

const dataUrl = (mediaType: string, bytes: Buffer): string =>
  `data:${mediaType};base64,${bytes.toString('base64')}`;
