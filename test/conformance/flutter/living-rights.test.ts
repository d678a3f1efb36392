import { describe, expect, inject, it } from 'vitest';
import { runCommand } from '../../cli/run-command.ts';
import { chosenDatabase } from '../../support/databases/chosen-database.ts';
import { startServerProcess, temporaryFolder } from '../../support/server-process.ts';
import { openWs, type WsClient } from '../../support/ws-client.ts';
import { createClient } from './client.ts';

const url = inject('sharedUrl');
const client = createClient(url);

/** How long it takes from now until all of them are closed, in milliseconds. */
async function closing(devices: readonly WsClient[]): Promise<number> {
  const from = performance.now();
  await Promise.all(devices.map(({ closed }) => closed));
  return performance.now() - from;
}

describe('an open connection', () => {
  it('ends within a second of the logout of its login, on whatever dialect, and the others live on', async () => {
    const user = await client.newUser();
    const other = (await client.signIn(user)).body['access_token'] as string;
    const devices = await Promise.all(Array.from({ length: 20 }, () => openWs(url, user.token)));
    const living = await openWs(url, other);
    await client.call('POST /api/auth/logout', { token: user.token });
    expect(await closing(devices)).toBeLessThan(1_000);
    expect(await devices[0]?.closed).toBe(1008);
    living.say('read', { message_id: 'x' });
    await living.next('error');
    await living.close();
  });

  it('ends within a second of a change of the password elsewhere', async () => {
    const user = await client.newUser();
    const other = (await client.signIn(user)).body['access_token'] as string;
    const device = await openWs(url, user.token);
    const answer = await client.call('POST /api/v1/me/password', {
      token: other,
      body: { current_password: user.password, new_password: 'a new password' },
    });
    expect(answer.status).toBe(204);
    expect(await closing([device])).toBeLessThan(1_000);
  });
});

describe('a server of our own', () => {
  it('closes the connections of a user whom the operator disables, and never logs a token', async () => {
    const data = temporaryFolder();
    const env = { DATA_DIR: data.folder, RATE_LIMITS: 'off', LOG_LEVEL: 'trace' };
    const server = await startServerProcess(env);
    try {
      const own = createClient(server.url);
      const user = await own.newUser();
      const device = await openWs(server.url, user.token);
      await expect(openWs(server.url, 'not-a-token')).rejects.toMatchObject({ status: 403 });
      await own.call(`GET /ws?token=${user.token}`);
      const everything = { ...env, ...(await chosenDatabase(data.folder)) };
      const command = await runCommand(['user', 'disable', user.username], everything);
      expect(command.code).toBe(0);
      expect(await closing([device])).toBeLessThan(1_000);
      await expect(openWs(server.url, user.token)).rejects.toMatchObject({ status: 403 });
      expect(server.output()).toContain('/ws?token=[redacted]');
      expect(server.output()).not.toContain(user.token);
      expect(server.output()).not.toContain('not-a-token');
    } finally {
      await server.stop();
      data.remove();
    }
  });

  it('sends everybody away when it stops, and ends in time', async () => {
    const data = temporaryFolder();
    const server = await startServerProcess({ DATA_DIR: data.folder, RATE_LIMITS: 'off' });
    const user = await createClient(server.url).newUser();
    const device = await openWs(server.url, user.token);
    const stopped = server.stop();
    expect(await device.closed).toBe(1012);
    expect(await stopped).toBe(0);
    data.remove();
  });
});
