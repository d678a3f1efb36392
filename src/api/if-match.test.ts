import { describe, expect, test } from 'vitest';
import { readIfMatch, requireMatch } from './if-match.ts';

const current = async () => ({ revision: 3 });
const never = async (): Promise<{ revision: number }> => {
  throw new Error('It was read without need');
};

describe('readIfMatch', () => {
  test.each([
    [undefined, undefined],
    ['*', undefined],
    [' "3" ', 3],
    ['"0"', 0],
  ])('%j allows %j without a look', async (header, revision) => {
    expect(await readIfMatch(header, never)).toBe(revision);
  });

  test('one of several tags that is the current one is the revision', async () => {
    expect(await readIfMatch('"1", "3"', current)).toBe(3);
  });

  test.each(['"1", "2"', 'W/"3"', '"three"', '"03"', '"99999999999999999999"'])(
    '%s matches nothing',
    async (header) => {
      await expect(readIfMatch(header, current)).rejects.toMatchObject({ code: 'revision-stale' });
    },
  );

  test.each(['3', '"3', '', '"3";', '"a" "b"', "'3'"])('%j is no list of tags', async (header) => {
    await expect(readIfMatch(header, current)).rejects.toMatchObject({ code: 'field-invalid' });
  });
});

test('requireMatch compares by itself', async () => {
  await expect(requireMatch('"2"', current)).rejects.toMatchObject({ code: 'revision-stale' });
  await expect(requireMatch('"3"', current)).resolves.toBeUndefined();
  await expect(requireMatch(undefined, never)).resolves.toBeUndefined();
});
