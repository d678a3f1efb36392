import type { CoreDependencies } from '../dependencies.ts';
import type { Actor } from '../ports.ts';
import type { Tables, Twig } from '../store.ts';
import { findMessage } from './find-message.ts';
import type { Message, MessageId, MessageKey, VersionedMessage } from './message.ts';

/** How many versions of a turn are told at once. */
const mostVersions = 100;

type Place = Pick<Twig, 'id' | 'parentId' | 'role'>;

/** Messages of the active branch of one chat, each among the versions of its turn. */
export async function withVersions(
  tables: Tables,
  messages: readonly Message[],
): Promise<VersionedMessage[]> {
  const [first] = messages;
  if (!first) return [];
  const parents = [...new Set(messages.map(({ parentId }) => parentId))];
  const others = await tables.messages.besides(first.chatId, parents);
  return messages.map((message) => number(message, idsIn(message, [message, ...others])));
}

/** The versions of a message's turn, oldest first; the newest hundred. @throws DomainError `message-not-found` */
export async function listVersions(
  { store }: CoreDependencies,
  actor: Actor,
  key: MessageKey,
): Promise<VersionedMessage[]> {
  const ids = await versionIds(store, await findMessage(store, actor, key));
  const versions: VersionedMessage[] = [];
  for (const id of ids.slice(-mostVersions)) {
    const version = await store.messages.find(actor.userId, id);
    if (version) versions.push(number(version, ids));
  }
  return versions;
}

/** The versions of a message's turn that are not deleted, oldest first. */
export async function versionIds(
  tables: Tables,
  place: Place & Pick<Message, 'chatId'>,
): Promise<MessageId[]> {
  const { chatId, parentId } = place;
  const others: Place[] = await tables.messages.besides(chatId, [parentId]);
  // The active one, if there is one, is the first that is shown after the message before.
  const after = parentId === null ? {} : { after: parentId };
  others.push(...(await tables.messages.list(chatId, { limit: 1, ...after })));
  return idsIn(place, others);
}

const idsIn = ({ parentId, role }: Place, among: readonly Place[]): MessageId[] => {
  const same = among.filter((one) => one.parentId === parentId && one.role === role);
  return same.map(({ id }) => id).toSorted((a, b) => a - b);
};

const number = (message: Message, ids: readonly MessageId[]): VersionedMessage => ({
  ...message,
  version: ids.indexOf(message.id) + 1,
  versions: ids.length,
});
