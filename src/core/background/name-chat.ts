import { defaultTitle } from '../chats/chat.ts';
import { autoTitle } from '../chats/chat-title.ts';
import { commitChanges } from '../commit-changes.ts';
import type { CoreDependencies } from '../dependencies.ts';
import { chosenModel } from '../models.ts';
import { askAside } from '../replies/ask-aside.ts';
import type { Reply } from '../replies/reply.ts';
import type { ReplyWriters } from '../replies/reply-writers.ts';
import { firstCharacters } from '../unicode-text.ts';

type Deps = CoreDependencies & { writers: ReplyWriters };

/** How much of a question and of its answer the AI is shown for a name, and how long that may be, in characters. */
const shownCharacters = 2_000;
const longestTitle = 80;
/** Room for models that think before they speak. */
const maxOutputTokens = 512;
/** Its first answer is among the first messages of a chat, or there were too many that failed. */
const looksAt = 10;

const instructions =
  'You name conversations. Answer with the name alone: at most six words, in the language of the conversation, without quotation marks.';

/** Has the AI name a chat whose first complete answer this is, unless its user has named it, or does so meanwhile. */
export async function nameChat(deps: Deps, reply: Reply, signal: AbortSignal): Promise<void> {
  const { store, models } = deps;
  const { userId } = reply;
  const chat = await store.chats.find(userId, reply.chatId);
  if (!chat) return;
  const messages = await store.messages.list(chat.id, { limit: looksAt });
  const [first] = messages;
  const answers = messages.filter(({ role, state }) => role === 'assistant' && state === 'complete');
  const [answer] = answers;
  if (first?.role !== 'user' || !answer || answers.length > 1 || answer.id !== reply.messageId) return;
  if (chat.title !== (chat.titled ? autoTitle(first.text) : defaultTitle)) return;

  const [asked, said] = [first.text, answer.text].map((text) => firstCharacters(text, shownCharacters));
  const text = `User: ${asked}\n\nAssistant: ${said}\n\nThe name of this conversation:`;
  const question = { system: instructions, turns: [{ role: 'user' as const, text }], maxOutputTokens };
  const { provider } = chosenModel(models, chat);
  const title = toTitle(await askAside(deps, { userId, provider, question, signal }));
  if (title === '') return;

  await commitChanges(deps, userId, async (tables, record) => {
    const current = await tables.chats.find(userId, chat.id);
    // Whoever has changed it meanwhile knows better.
    if (current?.revision !== chat.revision) return;
    const changed = { title, titled: true, revision: current.revision + 1 };
    await tables.chats.update(chat.id, changed);
    record({ type: 'chat-updated', chat: { ...current, ...changed } });
  });
}

/** The first line that says anything, without what stands around a name. */
function toTitle(said: string): string {
  const line = said.split('\n').find((one) => /[\p{L}\p{N}]/u.test(one)) ?? '';
  const bare = line.replace(/^[\s"'“”„«»*#_]+|[\s"'“”„«»*_.]+$/gu, '');
  return firstCharacters(bare.replaceAll(/\s+/gu, ' '), longestTitle).trim();
}
