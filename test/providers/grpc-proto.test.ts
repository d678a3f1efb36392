import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('the contract in the code is that of proto/ai_backend.proto', async () => {
  const checked = promisify(execFile)(process.execPath, ['scripts/generate-proto.mjs', '--check']);
  await expect(checked).resolves.toEqual({ stdout: '', stderr: '' });
});
