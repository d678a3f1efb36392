import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type FakeS3, startFakeS3 } from '../support/fake-s3/fake-s3.ts';
import { unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import { createFakeVoice, type FakeVoice } from '../support/fake-voice/fake-voice.ts';
import { temporaryFolder } from '../support/server-process.ts';
import { missingRedis, testRedisUrl } from '../support/test-redis.ts';
import { playLocalModels } from '../support/tiny-model/local-models.ts';
import { runCommand } from './run-command.ts';

const noRedis = await missingRedis();

type Problem = { about: string; env: () => Record<string, string>; line: RegExp; code: 0 | 1 };

describe('parlance doctor', () => {
  const data = temporaryFolder();
  const file = join(data.folder, 'a-file');
  const readable = join(data.folder, 'readable');
  let other: Server;
  let takenPort = '';
  let noAi = '';
  let voice: FakeVoice;
  let s3: FakeS3;
  let local: ReturnType<typeof playLocalModels>;
  beforeAll(async () => {
    writeFileSync(file, 'not a folder');
    mkdirSync(join(readable, 'secrets'), { recursive: true });
    const secret = join(readable, 'secrets', 'jwt-secret-key');
    writeFileSync(secret, 'a secret of the tests, long enough to be one\n');
    chmodSync(secret, 0o644);
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    takenPort = String((other.address() as AddressInfo).port);
    noAi = await unreachableUrl();
    voice = await createFakeVoice();
    s3 = await startFakeS3();
    local = playLocalModels(['terse']);
  });
  afterAll(async () => {
    other.close();
    data.remove();
    local.remove();
    await voice.close();
    await s3.close();
  });

  const doctor = (env: Record<string, string>) =>
    runCommand(['doctor'], { DATA_DIR: join(data.folder, 'new'), PORT: '0', ...env });

  it.concurrent('finds nothing wrong where nothing is, and changes nothing', async ({ expect }) => {
    const { code, stdout, stderr } = await doctor({});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const verdicts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(0, 4).trim());
    expect(new Set(verdicts)).toEqual(new Set(['ok']));
    expect(stdout).toMatch(/^ok {4}data folder .*\(made at the first start\)/m);
    expect(existsSync(join(data.folder, 'new'))).toBe(false);
  });

  const redis = { JWT_SECRET_KEY: 'a secret of the tests, long enough to be one' };
  it.skipIf(noRedis !== undefined)(
    `asks a Redis that is there${noRedis ? `: ${noRedis}` : ''}`,
    async ({ expect }) => {
      const { stdout } = await doctor({ ...redis, REDIS_URL: testRedisUrl });
      expect(stdout).toMatch(/^ok {4}Redis +\S+ answers$/m);
      const refused = await doctor({ ...redis, REDIS_URL: testRedisUrl.replace('//', '//nobody:hunter2@') });
      expect(refused.stdout).toMatch(/^BAD {3}Redis +\S+ cannot be used \(WRONGPASS .+$/m);
      expect(refused.stdout).not.toContain('hunter2');
    },
  );

  const bucket = () => ({
    S3_URL: s3.settings.url,
    S3_REGION: s3.settings.region,
    S3_ACCESS_KEY_ID: s3.settings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.settings.secretAccessKey,
  });
  const problems: readonly Problem[] = [
    {
      about: 'a bad setting',
      env: () => ({ PORT: 'five thousand' }),
      line: /^BAD {3}settings +PORT is "five thousand", but must be .+$/m,
      code: 1,
    },
    {
      about: 'a name that is no setting',
      env: () => ({ PORTT: '99' }),
      line: /^warn {2}settings +PORTT is set, but no setting has this name; it may be PORT that is meant\.$/m,
      code: 0,
    },
    {
      about: 'an AI that does not answer',
      env: () => ({ AI_PROVIDER: 'openai', AI_MODEL: 'some', OPENAI_BASE_URL: noAi }),
      line: /^BAD {3}AI +openai:some: The AI service cannot be reached/m,
      code: 1,
    },
    ...['AI_MODELS', 'AI_FALLBACKS'].map((setting) => ({
      about: `an AI of ${setting} that does not answer`,
      env: () => ({ AI_PROVIDER: 'basic', [setting]: 'openai:some', OPENAI_BASE_URL: noAi }),
      line: /^ok {4}AI +basic answers.*\n(?:.*\n)*BAD {3}AI +openai:some: The AI service cannot be reached/m,
      code: 1 as const,
    })),
    {
      about: 'local models without their library',
      env: () => ({ AI_PROVIDER: 'transformers', MODELS_DIR: local.modelsDir }),
      line: /^BAD {3}AI +transformers: .*npm install --prefix \S+ --ignore-scripts @huggingface\/transformers@/m,
      code: 1,
    },
    ...['tiny', 'terse'].map((name) => ({
      about: `nothing of the local model ${name}, which answers`,
      env: () => ({
        AI_PROVIDER: 'transformers',
        AI_MODEL: name,
        MODELS_DIR: local.modelsDir,
        TRANSFORMERS_DIR: local.packageDir,
      }),
      line: new RegExp(`^ok {4}AI +transformers:${name} answers`, 'm'),
      code: 0 as const,
    })),
    {
      about: 'a voice service that does not answer',
      env: () => ({ VOICE_BASE_URL: noAi }),
      line: /^BAD {3}voice +whisper-1: The AI service cannot be reached/m,
      code: 1,
    },
    {
      about: 'a voice service that answers, and speaks no word',
      env: () => ({ VOICE_BASE_URL: voice.url, VOICE_SPEECH_MODEL: 'mute' }),
      line: /^BAD {3}voice +mute: The AI service refused the request/m,
      code: 1,
    },
    {
      about: 'nothing of a voice service that hears',
      env: () => ({ VOICE_BASE_URL: voice.url, VOICE_SPEECH_MODEL: 'none' }),
      line: /^ok {4}voice +whisper-1 hears, after \S+ s$/m,
      code: 0,
    },
    {
      about: 'a Redis that does not answer, without its password',
      env: () => ({ ...redis, REDIS_URL: `redis://:hunter2@${new URL(noAi).host}` }),
      line: /^BAD {3}Redis +127\.0\.0\.1:\d+ cannot be used \(connect ECONNREFUSED \S+\); start it, or name another with REDIS_URL$/m,
      code: 1,
    },
    {
      about: 'a bucket whose key is another',
      env: () => ({ ...bucket(), S3_SECRET_ACCESS_KEY: 'not-the-key' }),
      line: /^BAD {3}files +Files cannot be reached; .*\(The bucket answered 403 SignatureDoesNotMatch\)$/m,
      code: 1,
    },
    {
      about: 'nothing of a bucket that answers',
      env: () => bucket(),
      line: /^ok {4}files +the bucket at http\S+ answers$/m,
      code: 0,
    },
    {
      about: 'a bucket without its keys',
      env: () => ({ S3_URL: s3.settings.url }),
      line: /^BAD {3}settings +S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be given with S3_URL\.$/m,
      code: 1,
    },
    {
      about: 'keys in the address of a bucket, without showing them',
      env: () => ({ S3_URL: 'https://AKIA:secret@s3.example.org/bucket' }),
      line: /^BAD {3}settings +S3_URL must be the address of a bucket such as \S+, without keys\.$/m,
      code: 1,
    },
    {
      about: 'a data folder below a file',
      env: () => ({ DATA_DIR: join(file, 'data') }),
      line: /^BAD {3}data folder +\S+a-file is no folder; choose another with DATA_DIR$/m,
      code: 1,
    },
    {
      about: 'a secret that others can read',
      env: () => ({ DATA_DIR: readable }),
      line: /^BAD {3}secrets +(\S+) can be read by others; run: chmod 600 \1$/m,
      code: 1,
    },
    {
      about: 'a port that is taken, perhaps by this very server',
      env: () => ({ PORT: takenPort }),
      line: /^warn {2}port +\d+ is taken: .*PORT$/m,
      code: 0,
    },
  ];
  it.concurrent.for(problems)('names $about, and what to do', async ({ env, line, code }, { expect }) => {
    const ran = await doctor(env());
    expect(ran.stdout).toMatch(line);
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout).not.toMatch(/^ +at /m);
  });
});
