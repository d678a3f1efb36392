import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dialects } from '../../src/dialects/index.ts';
import { startWholeServer, type WholeServer } from '../support/whole-server.ts';
import { readText } from './read-table.ts';

const readme = readText('README.md');

/** What stands under a heading, up to the next of its rank. */
function sectionOf(heading: string): string {
  const [, after = ''] = readme.split(`\n## ${heading}\n`);
  return after.split('\n## ')[0] ?? '';
}

describe('README.md', () => {
  let server: WholeServer;
  beforeAll(async () => {
    server = await startWholeServer();
  });
  afterAll(() => server.stop());

  it('leads through a first conversation that works as it is written', async () => {
    const blocks = [...sectionOf('A first conversation').matchAll(/^```sh\n([^]*?)^```/gm)].map(
      ([, code]) => code,
    );
    expect(blocks.length).toBeGreaterThan(0);
    const script = blocks.join('\n').replaceAll('http://127.0.0.1:5000', server.url);
    expect(script).toContain(server.url);
    const { stdout } = await promisify(execFile)('sh', ['-eu', '-c', script]);
    expect(stdout).toContain('9.6');
    expect(stdout).toMatch(/^event: reply-end$/m);
  });

  it('says for every dialect how to point its frontend here', () => {
    const told = [...sectionOf('Point your frontend here').matchAll(/^\*\*([a-z-]+)\*\*/gm)].map(
      ([, name]) => name,
    );
    expect(new Set(told)).toEqual(new Set(dialects.map(({ name }) => name)));
    expect(told).toHaveLength(dialects.length);
  });

  it('leads only to pages that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
  });
});
