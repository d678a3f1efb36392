import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadDriver, type Database } from '../../src/storage/engines/sqlite/driver.ts';
import { sqliteTraits } from '../../src/storage/engines/sqlite/traits.ts';
import { allQueries } from '../../src/storage/tables/all-queries.ts';
import { openTempStorage, type TempStorage } from '../support/temp-storage.ts';
import { everyQuery } from './every-query.ts';

/** Why a plan may hold what is otherwise forbidden. */
const exceptions: Readonly<Record<string, string>> = {
  'nodes.list': 'reads every process that lives, which are few',
  'replies.orphans': 'sorts what it finds among the open replies, which are few however many have ended',
  'replies.stalled': 'sorts what it finds among the open replies, which are few however many have ended',
  'usage.orphans': 'reads what questions beside chats hold while they are asked, which is nothing afterwards',
};

const forbidden = /\bSCAN\b(?! CONSTANT ROW| \d+-ROW VALUES)|USE TEMP B-TREE/;

describe('the plan of', () => {
  let temp: TempStorage;
  let database: Database;

  beforeAll(async () => {
    temp = await openTempStorage();
    const { DatabaseSync } = loadDriver();
    database = new DatabaseSync(temp.url.replace('sqlite:', ''), { timeout: 1000 });
  });
  afterAll(async () => {
    database.close();
    await temp.dispose();
  });

  const planOf = (sql: string): string[] =>
    database
      .prepare(`explain query plan ${sql}`)
      .all(...Array<number>(sql.split('?').length - 1).fill(1))
      .map((row) => (row as { detail: string }).detail);

  test.each(everyQuery(sqliteTraits))('$name walks indexes', ({ name, sql }) => {
    const bad = planOf(sql).filter((step) => forbidden.test(step));
    // An exception that is not needed any more has to go.
    if (exceptions[name] === undefined) expect(bad, sql).toEqual([]);
    else expect(bad, sql).not.toEqual([]);
  });

  test('what stands beside a branch is found without looking at the branch', () => {
    const { messages } = allQueries(sqliteTraits);
    for (const { sql } of messages.besides.all())
      expect(planOf(sql).join('\n')).toMatch(
        /SEARCH messages USING INDEX messages_by_chat_id_active_deleted_at_id \(chat_id=\? AND active=\? AND deleted_at=\? AND id>\?/,
      );
  });

  test('a query without an index is recognised', () => {
    expect(planOf('select * from messages where text = ?').some((step) => forbidden.test(step))).toBe(true);
    expect(planOf('select * from chats order by title').some((step) => forbidden.test(step))).toBe(true);
  });

  test('the lists of a page end with their limit, wherever the page is', () => {
    const { chats, messages } = allQueries(sqliteTraits);
    expect(planOf(chats.first.sql).join('\n')).toMatch(/MERGE \(UNION ALL\)/);
    for (const { sql } of [chats.next, chats.firstPinned, chats.nextPinned])
      expect(planOf(sql).join('\n')).toMatch(
        /SEARCH chats USING INDEX chats_by_user_id_pinned_updated_at_id/,
      );
    for (const { sql } of [messages.oldest, messages.newest, messages.finished, messages.last])
      expect(planOf(sql).join('\n')).toMatch(
        /SEARCH messages USING INDEX messages_by_chat_id_active_deleted_at_id \(chat_id=\? AND active=\? AND deleted_at=\?/,
      );
  });
});
