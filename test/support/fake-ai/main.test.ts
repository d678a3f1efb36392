import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { answerText } from './fake-ai.mjs';

const main = fileURLToPath(new URL('main.mjs', import.meta.url));

it('the fake AI runs as a process of its own, and ends with its parent', async () => {
  const child = spawn(process.execPath, [main, '--script', 'count=3'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const response = await fetch(`${url}/chat/completions`, { method: 'POST', body: '{"model":"m"}' });
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: answerText(3) } }] });
  child.stdin.end();
  expect(await exited).toEqual([0, null]);
});
