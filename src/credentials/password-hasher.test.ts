import { describe, expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

const passwords = createPasswordHasher({ concurrency: 1, maxQueue: 100 });

/** Made by Werkzeug 3.1 and by bcrypt, from the same password. */
const password = 'correct hörse ☂';
const imported = {
  'scrypt by default':
    'scrypt:32768:8:1$IA9UCsAm7sftBV3I$b79ccc4f8073561540c866dc7f7c6e47fbcfa1ea530affcc1bab9953f603fef46fa247099b8bcba03f5bb9a7c9c3c88d3ee7ae09765bbae29a0c155b55490ff3',
  'scrypt with little memory':
    'scrypt:1024:8:1$78O55SrPgpi2dkZY$f8dba20d453020126fa3d57b90182f397a46b2bf9819db0177b0809b5f8aba3a5db23121d07de7f8097f268ecb63d9ce1a92857b4c4fada7092a207d5ca234be',
  'pbkdf2 by default':
    'pbkdf2:sha256:1000000$3LYcMWcAxTgSlPfn$55f87399c97497e05cf2c04370f03b5e91b7e8c184f413bb20a4a6f593a65acf',
  'pbkdf2 with few rounds':
    'pbkdf2:sha256:1000$lfIzdVKLK9nnkThh$b21d904e5cb6f1588a5a815d784b0e5f1c50ef3185b66d4db707972eb433d5dc',
  'pbkdf2 of SHA-1': 'pbkdf2:sha1:1000$kRu69DftkksxKTJz$ba21a1a94b434fb23795a5b0cc081bb8e88e9a7b',
  'pbkdf2 of SHA-512':
    'pbkdf2:sha512:1000$qLmVIV1VNAXShzhT$00454b614405e5192b21be6cfc1973188b3f7ad79f7aaffd8b234ae13b7a43285bdf88debc0b7b69463410b326d85c06be089d80aa6f335ac8776fd01c376b90',
  'bcrypt 2b': '$2b$04$bbux2sYx1YB2T5tNEI9dYeWI4tVx9JQ5OcNWorT.6AY8uuElcz.b2',
  'bcrypt 2a': '$2a$04$bbux2sYx1YB2T5tNEI9dYeWI4tVx9JQ5OcNWorT.6AY8uuElcz.b2',
  'bcrypt 2y': '$2y$04$bbux2sYx1YB2T5tNEI9dYeWI4tVx9JQ5OcNWorT.6AY8uuElcz.b2',
};

describe('a hash made here', () => {
  test('is argon2id of 46 MiB, salted, and fits its password only', async () => {
    const [one, two] = await Promise.all([passwords.hash(password), passwords.hash(password)]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
    expect(one).not.toBe(two);
    expect(await passwords.verify(one, password)).toEqual({ ok: true, rehash: false });
    expect(await passwords.verify(one, `${password} `)).toEqual({ ok: false, rehash: false });
  });

  test('fits a password however its accents were typed', async () => {
    const stored = await passwords.hash('caf\u00e9');
    expect(await passwords.verify(stored, 'cafe\u0301')).toMatchObject({ ok: true });
    expect(await passwords.verify(stored, 'cafe')).toMatchObject({ ok: false });
  });

  test('with other costs verifies and is due for a rehash', async () => {
    const weak =
      '$argon2id$v=19$m=64,t=1,p=1$jzn9iNVWNqGdj5GFP4JlPA$F8gTiTeqq2nxgZ66OcEm31HN9etmegTOlQ5IBRVf2VQ';
    expect(await passwords.verify(weak, 'weak')).toEqual({ ok: true, rehash: true });
  });
});

describe('an imported hash', () => {
  test.each(Object.entries(imported))(
    '%s fits its password only, and is due for a rehash',
    async (_, stored) => {
      expect(await passwords.verify(stored, password)).toEqual({ ok: true, rehash: true });
      expect(await passwords.verify(stored, 'correct horse')).toEqual({ ok: false, rehash: true });
    },
  );

  test.each([
    '',
    'plaintext',
    '$argon2id$',
    '$argon2id$v=19$m=47104,t=1,p=1$E0SQcRSEE668UihiAwqfNQ',
    '$argon2id$v=19$m=1,t=1,p=1$E0SQcRSEE668UihiAwqfNQ$pUvwpxS7LsgEBUMuT2M9fea6ns90oDTMn4r2Rgw1+ew',
    'pbkdf2:sha256:0$salt$b21d904e5cb6f1588a5a815d784b0e5f1c50ef3185b66d4db707972eb433d5dc',
    'pbkdf2:md5:1000$salt$b21d904e5cb6f1588a5a815d784b0e5f1c50ef3185b66d4db707972eb433d5dc',
    'pbkdf2:sha256:1000$salt$b21d904e5cb6f1588a5a815d784b0e5f1c50ef31',
    'pbkdf2:sha256:1000$salt',
    'scrypt:3:8:1$salt$00',
    `scrypt:3:8:1$salt$${'0'.repeat(128)}`,
    `scrypt:0:8:1$salt$${'0'.repeat(128)}`,
    'scrypt:::$$',
    '$2b$04$',
    '$2b$03$bbux2sYx1YB2T5tNEI9dYeWI4tVx9JQ5OcNWorT.6AY8uuElcz.b2',
  ])('that is malformed fits nothing and does not throw: %s', async (stored) => {
    expect(await passwords.verify(stored, password)).toMatchObject({ ok: false });
  });

  test.each([
    `$argon2id$v=19$m=4194304,t=1,p=1$E0SQcRSEE668UihiAwqfNQ$pUvwpxS7LsgEBUMuT2M9fea6ns90oDTMn4r2Rgw1+ew`,
    `pbkdf2:sha256:900000000$salt$${'0'.repeat(64)}`,
    `scrypt:67108864:8:1$salt$${'0'.repeat(128)}`,
    '$2b$31$bbux2sYx1YB2T5tNEI9dYeWI4tVx9JQ5OcNWorT.6AY8uuElcz.b2',
  ])('that asks for minutes or gigabytes is not computed: %s', async (stored) => {
    expect(await passwords.verify(stored, password)).toMatchObject({ ok: false });
  });
});

test('checking a bcrypt hash leaves the event loop to others', async () => {
  let turns = 0;
  let checking = true;
  const turn = () => {
    turns += 1;
    if (checking) setImmediate(turn);
  };
  turn();
  // A cost of 10 computes for some 70 ms: in this thread that would be no turn at all.
  expect(
    await passwords.verify('$2b$10$bbux2sYx1YB2T5tNEI9dYeWI4tVx9JQ5OcNWorT.6AY8uuElcz.b2', password),
  ).toMatchObject({
    ok: false,
  });
  checking = false;
  expect(turns).toBeGreaterThan(50);
});

describe('the queue', () => {
  test('is bounded: what finds it full is refused, the rest is answered', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maxQueue: 2 });
    const outcomes = await Promise.allSettled([
      hasher.hash('one'),
      hasher.verify('', 'two'),
      hasher.verifyNothing('three'),
      hasher.hash('four'),
      hasher.verify('', 'five'),
      hasher.verifyNothing('six'),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      ...Array<string>(3).fill('fulfilled'),
      ...Array<string>(3).fill('rejected'),
    ]);
    for (const outcome of outcomes.slice(3)) {
      expect(outcome).toMatchObject({ reason: { code: 'server-busy', retryAfterSeconds: 1 } });
    }
  });

  test('verifying nothing waits its turn like a verify', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maxQueue: 10 });
    const ended: string[] = [];
    const stored = await passwords.hash(password);
    await Promise.all([
      hasher.verify(stored, password).then(() => ended.push('verify')),
      hasher.verifyNothing(password).then(() => ended.push('nothing')),
      hasher.verify(stored, password).then(() => ended.push('verify again')),
    ]);
    expect(ended).toEqual(['verify', 'nothing', 'verify again']);
  });
});

test('nothing is what no password fits', async () => {
  expect(await passwords.verifyNothing('')).toBeUndefined();
});
