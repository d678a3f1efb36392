// @ts-check
// node test/support/fake-ai/main.mjs [--port 0] [--script count=200,rate=50]
// Prints its URL as the first line and runs until it is killed or the pipe on its standard input ends.
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createFakeAi } from './fake-ai.mjs';
import { readScript } from './script.mjs';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, script: { type: 'string', default: '' } },
});
const script = values.script === '' ? {} : readScript(`fake:${values.script}`);
const fake = await createFakeAi({ port: Number(values.port), script });
console.log(fake.url);

const stop = () => {
  void fake.close().then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
// A parent that dies closes the pipe: the fake never outlives it.
const input = fstatSync(0);
if (input.isFIFO() || input.isSocket()) process.stdin.resume().once('end', stop);
