import { randomUUID } from 'node:crypto';
import { attachmentsAmong } from '../core/attachments/attachment-url.ts';
import type { Reading } from '../storage/engines/engine.ts';
import { takenOf, type ImportQueries } from './import-queries.ts';
import type { ArchivedUser } from './read-archive.ts';

/** The UUIDs under which what is imported is kept: its own where they are free. */
export class NewNames {
  readonly #renamed = new Map<string, string>();

  static async of(
    { chats, attachments }: ArchivedUser,
    access: { reading: Reading; queries: ImportQueries },
  ): Promise<NewNames> {
    const messages = chats.flatMap((chat) => chat.messages);
    const names = new NewNames();
    const wanted = {
      chats: chats.map(({ record }) => record.id),
      messages: messages.map(({ record }) => record.id),
      replies: messages.flatMap(({ record }) => record.reply?.id ?? []),
      attachments: attachments.map(({ record }) => record.id),
    };
    for (const table of ['chats', 'messages', 'replies', 'attachments'] as const)
      for (const uuid of await takenOf(access, table, wanted[table])) names.#renamed.set(uuid, randomUUID());
    return names;
  }

  of(uuid: string): string {
    return this.#renamed.get(uuid) ?? uuid;
  }

  /** The URL of an attachment by its new name; any other as it is. */
  inUrl(url: string): string {
    const [uuid] = attachmentsAmong([url]);
    return uuid === undefined ? url : url.replace(uuid, this.of(uuid));
  }
}
