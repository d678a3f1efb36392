import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { unreachableUrl } from '../support/fake-ai/fake-ai.mjs';
import { temporaryFolder } from '../support/server-process.ts';
import { runCommand } from './run-command.ts';

type Problem = { about: string; env: () => Record<string, string>; line: RegExp; code: 0 | 1 };

describe('parlance doctor', () => {
  const data = temporaryFolder();
  const file = join(data.folder, 'a-file');
  const readable = join(data.folder, 'readable');
  let other: Server;
  let takenPort = '';
  let noAi = '';
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
  });
  afterAll(() => {
    other.close();
    data.remove();
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

  const problems: readonly Problem[] = [
    {
      about: 'a bad setting',
      env: () => ({ PORT: 'five thousand' }),
      line: /^BAD {3}settings +PORT is "five thousand", but must be .+$/m,
      code: 1,
    },
    {
      about: 'an AI that does not answer',
      env: () => ({ AI_PROVIDER: 'openai', AI_MODEL: 'some', OPENAI_BASE_URL: noAi }),
      line: /^BAD {3}AI +The AI service cannot be reached/m,
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
