import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { readArchive } from '../../src/archive/read-archive.ts';
import {
  AttachmentRecord,
  ChatRecord,
  HeaderRecord,
  MessageRecord,
  UserRecord,
} from '../../src/archive/records.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/export-format.md'), 'utf8');

test('the example of the export format can be imported', async () => {
  const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
  const lines = (async function* () {
    yield* example.split('\n');
  })();
  const users = [];
  for await (const user of readArchive(lines)) users.push(user);
  expect(users).toMatchObject([{ chats: [{ messages: [{}, {}] }], attachments: [{}] }]);
});

test('the page on the export format names every field', () => {
  const tables = page.split('\n').filter((line) => line.startsWith('| '));
  const named = new Set([...tables.join('\n').matchAll(/`(\w+)`/g)].map(([, name]) => name));
  const reply = MessageRecord.properties.reply.anyOf[0].properties;
  for (const { properties } of [
    HeaderRecord,
    UserRecord,
    ChatRecord,
    MessageRecord,
    AttachmentRecord,
    { properties: reply },
  ])
    expect(Object.keys(properties).filter((field) => field !== 'type' && !named.has(field))).toEqual([]);
});
