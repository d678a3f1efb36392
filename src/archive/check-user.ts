import { DomainError } from '../core/errors.ts';
import { checkEmail } from '../core/users/email.ts';
import { checkFirstName } from '../core/users/first-name.ts';
import { checkUsername } from '../core/users/username.ts';
import type { NewRow } from './import-queries.ts';
import { at, type ArchivedUser } from './read-archive.ts';

/** What Parlance, Werkzeug and bcrypt make; others no password would fit. */
const knownHash = /^(\$argon2(id|i|d)\$|pbkdf2:|scrypt:|\$2[aby]\$)/;

/** The row of a user, whose names follow the rules of registration. @throws ArchiveError */
export function checkUser({ line, record }: ArchivedUser, unusableHash: () => string): NewRow<'users'> {
  const { username, email, password_hash: hash } = record;
  if (username === null && email === null) throw at(line, 'a user needs a username or an email');
  if (hash !== undefined && !knownHash.test(hash))
    throw at(line, 'password_hash is of no kind that is known here');
  const names = onLine(line, () => ({
    ...(username === null ? { username: null, usernameKey: null } : checkUsername(username)),
    ...(email === null ? { email: null, emailKey: null } : checkEmail(email)),
    firstName: checkFirstName(record.first_name),
  }));
  return {
    uuid: record.id,
    username: names.username,
    username_key: names.usernameKey,
    email: names.email,
    email_key: names.emailKey,
    first_name: names.firstName,
    password_hash: hash ?? unusableHash(),
    role: record.role,
    disabled_at: record.disabled_at === null ? null : Date.parse(record.disabled_at),
    // As if changes had been forgotten: so devices read afresh, and the index of words is built.
    feed_position: 1,
    created_at: Date.parse(record.created_at),
    updated_at: Date.parse(record.updated_at),
  };
}

/** Makes sure that the messages of a user refer to each other as they must. @throws ArchiveError */
export function checkReferences({ chats, attachments }: ArchivedUser): void {
  const seen = new Set<string>();
  const once = (line: number, id: string) => {
    if (seen.has(id)) throw at(line, `the id ${id} is there twice`);
    seen.add(id);
  };
  const messages = new Set<string>();
  for (const chat of chats) {
    once(chat.line, chat.record.id);
    const before = new Set<string>();
    for (const { line, record } of chat.messages) {
      once(line, record.id);
      if (record.reply) once(line, record.reply.id);
      if (record.parent !== null && !before.has(record.parent))
        throw at(line, 'parent is no message before it in its chat');
      if (record.reply && (record.role !== 'assistant' || record.parent === null))
        throw at(line, 'only what the AI answered can have a reply');
      if (record.deleted_at !== null && record.text !== '') throw at(line, 'a deleted message has no text');
      before.add(record.id);
      messages.add(record.id);
    }
  }
  for (const { line, record } of attachments) {
    once(line, record.id);
    if (record.message !== null && !messages.has(record.message))
      throw at(line, 'message is none of this user');
  }
}

function onLine<Result>(line: number, check: () => Result): Result {
  try {
    return check();
  } catch (thrown) {
    const { message, details } = DomainError.from(thrown);
    throw at(line, details[0] ? `${details[0].field} ${details[0].problem}` : message);
  }
}
