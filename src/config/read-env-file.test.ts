import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readEnvFile } from './read-env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'parlance-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function readText(content: string) {
  const path = join(folder, '.env');
  writeFileSync(path, content);
  return readEnvFile(path);
}

describe('a .env file', () => {
  it('may be missing', () => {
    expect(readEnvFile(join(folder, 'missing'))).toEqual({});
  });

  it('has comments, quotes, several lines in quotes, CRLF and a byte order mark', () => {
    const content = [
      '\uFEFF# Server',
      'SERVER_PORT=5000  # of the server',
      '',
      '  export HOST = 0.0.0.0',
      'AI_SYSTEM_PROMPT="Be brief.\r\nBe kind." # both',
      "LOG_LEVEL='info'",
      'AI_MODEL=',
    ].join('\r\n');
    expect(readText(content)).toEqual({
      SERVER_PORT: '5000',
      HOST: '0.0.0.0',
      AI_SYSTEM_PROMPT: 'Be brief.\nBe kind.',
      LOG_LEVEL: 'info',
      AI_MODEL: '',
    });
  });

  it.each([
    ['a line without a sign of equality', 'A=1\nhunter2\nB=2', 2],
    ['the same at the end', 'A=1\nB=2\nhunter2', 3],
    ['a name with a blank', 'A B=hunter2', 1],
    ['a quote that is never closed', 'A=1\nB="hunter2\nC=3', 2],
    ['words behind a closing quote', 'A="x" hunter2', 1],
    ['YAML', 'A: hunter2', 1],
  ])('with %s is refused by its line', (_, content, line) => {
    const read = () => readText(content);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(`line ${line} is not NAME=value`);
    expect(read).not.toThrow('hunter2');
  });

  it('that is a folder is refused', () => {
    expect(() => readEnvFile(folder)).toThrow(`${folder} cannot be read (EISDIR)`);
  });
});
