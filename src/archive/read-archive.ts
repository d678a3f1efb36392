import { Compile } from 'typebox/compile';
import {
  ArchiveError,
  AttachmentRecord,
  ChatRecord,
  formatVersion,
  HeaderRecord,
  MessageRecord,
  UserRecord,
  type ArchiveRecord,
} from './records.ts';

/** A record and where it stands. */
export type Lined<Record> = { line: number; record: Record };
export type ArchivedChat = Lined<ChatRecord> & { messages: Lined<MessageRecord>[] };
/** Everything of one user, checked line by line. */
export type ArchivedUser = Lined<UserRecord> & {
  chats: ArchivedChat[];
  attachments: Lined<AttachmentRecord>[];
};

const compiled = {
  header: Compile(HeaderRecord),
  user: Compile(UserRecord),
  chat: Compile(ChatRecord),
  message: Compile(MessageRecord),
  attachment: Compile(AttachmentRecord),
};

/** The users of an archive, one after the other. @throws ArchiveError for the first line that is not as it must be */
export async function* readArchive(lines: AsyncIterable<string>): AsyncGenerator<ArchivedUser> {
  let line = 0;
  let user: ArchivedUser | undefined;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const record = readLine(text, line);
    if ((line === 1) !== (record.type === 'header'))
      throw at(line, line === 1 ? 'an export begins with a header' : 'there is a second header');
    switch (record.type) {
      case 'header':
        if (record.version > formatVersion) throw at(line, 'the export is of a newer Parlance');
        break;
      case 'user':
        if (user) yield user;
        user = { line, record, chats: [], attachments: [] };
        break;
      case 'chat':
        if (!user) throw at(line, 'it belongs to no user');
        user.chats.push({ line, record, messages: [] });
        break;
      case 'message': {
        const chat = user?.chats.at(-1);
        if (!chat) throw at(line, 'it belongs to no chat');
        chat.messages.push({ line, record });
        break;
      }
      case 'attachment':
        if (!user) throw at(line, 'it belongs to no user');
        user.attachments.push({ line, record });
        break;
    }
  }
  if (line === 0) throw new ArchiveError('The export is empty');
  if (user) yield user;
}

export const at = (line: number, problem: string): ArchiveError =>
  new ArchiveError(`Line ${line}: ${problem}`);

function readLine(text: string, line: number): ArchiveRecord {
  const value = parsed(text, line);
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(compiled, type))
    throw at(line, 'its type is none of header, user, chat, message and attachment');
  const check = compiled[type as ArchiveRecord['type']];
  if (!check.Check(value)) {
    const [error] = check.Errors(value);
    const field = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
    // So a schema that allows nothing calls what should not be there.
    const problem = error?.keyword === 'boolean' ? 'is no field of it' : (error?.message ?? 'is wrong');
    throw at(line, `${field === '' ? 'the record' : field} ${problem}`);
  }
  const problem = problemOf(value, '');
  if (problem !== undefined) throw at(line, problem);
  return value;
}

function parsed(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw at(line, 'it is not JSON');
  }
}

/** What no pattern says: texts that no database keeps, and days that no calendar has. */
function problemOf(value: unknown, field: string): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0') || !value.isWellFormed())
      return `${field} holds a NUL or half of a surrogate pair`;
    if (field.endsWith('_at') && Number.isNaN(Date.parse(value))) return `${field} is no time`;
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const problem = problemOf(part, name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
