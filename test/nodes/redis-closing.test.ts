import { describe, expect, test } from 'vitest';
import { openRedis } from '../../src/redis/open-redis.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { missingRedis, newPrefix, testRedisUrl } from '../support/test-redis.ts';

const missing = await missingRedis();

describe.skipIf(missing !== undefined)(`leaving a Redis${missing ? `: ${missing}` : ''}`, () => {
  test('is no trouble with it, at whatever moment', async () => {
    for (const event of ['connecting', 'connect', 'ready']) {
      const log = createRecordingLog();
      const { commands, close } = openRedis({ url: testRedisUrl, prefix: newPrefix() }, log);
      const ended = new Promise((resolve) => commands.once('end', resolve));
      if (event !== 'connecting') await new Promise((resolve) => commands.once(event, resolve));
      await close();
      commands.emit('error', new Error("Stream isn't writeable"));
      await ended;
      expect(log.lines).toEqual([]);
    }
  });
});
