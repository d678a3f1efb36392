import type { UserId } from '../users/user.ts';
import type { IndexPlan } from './index-user.ts';
import { type IndexedText, termChanges } from './plan-changes.ts';
import type { SearchMark, SearchTable } from './search-table.ts';

type Build = { mark: SearchMark; built: NonNullable<SearchMark['built']> };

/** Many texts at once share their terms, which makes the index of a large account many times cheaper to write. */
const mostTexts = 20_000;
const mostUnits = 8_000_000;
const page = 500;

/** The next messages and titles of a user whose index is not whole yet, chat by chat. Former texts wait until it is. */
export async function planBuild(
  search: SearchTable,
  userId: UserId,
  { mark, built }: Build,
): Promise<IndexPlan> {
  const texts: IndexedText[] = [];
  let units = 0;
  for (const chatId of (await search.chatIds(userId)).filter((id) => id >= built.chatId)) {
    const isBegun = chatId === built.chatId;
    const [chat] = isBegun ? [] : await search.chats(userId, [chatId]);
    if (chat?.titled === true) texts.push({ kind: 'chat', id: chat.id, text: chat.title });
    let after = isBegun ? built.messageId : 0;
    for (;;) {
      const messages = await search.messagesOfChat(chatId, { after, limit: page });
      for (const { id, text } of messages) {
        texts.push({ kind: 'message', id, text });
        units += text.length;
      }
      after = messages.at(-1)?.id ?? after;
      if (texts.length >= mostTexts || units >= mostUnits)
        return planOf(texts, { ...mark, built: { chatId, messageId: after } });
      if (messages.length < page) break;
    }
  }
  return planOf(texts, { ...mark, built: null });
}

const planOf = async (texts: readonly IndexedText[], mark: SearchMark): Promise<IndexPlan> => ({
  changes: await termChanges(texts, []),
  formerIds: [],
  mark,
  isLast: false,
});
