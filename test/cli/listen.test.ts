import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type ServerProcess, startServerProcess, temporaryFolder } from '../support/server-process.ts';
import { runCommand } from './run-command.ts';

const person = { username: 'ada', email: 'ada@example.org', password: 'Analytical-engine-1' };
const post = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('LISTEN', () => {
  const data = temporaryFolder();
  let server: ServerProcess;
  let [first, second] = ['', ''];
  let apis: string[];
  beforeAll(async () => {
    server = await startServerProcess({
      DATA_DIR: data.folder,
      LISTEN: '0=histories,conversations 0=flutter,amanda',
    });
    const printed = () => [...server.output().matchAll(/running on (\S+)\n {2}chat APIs {3}(.+)\n/g)];
    while (printed().length < 2 && server.child.stdout) await once(server.child.stdout, 'data');
    apis = printed().map(([, , names = '']) => names);
    [first = '', second = ''] = printed().map(([, url = '']) => url);
  });
  afterAll(() => {
    server.child.kill('SIGKILL');
    data.remove();
  });

  it('prints a line for each port, and its dialects', () => {
    expect(apis).toEqual(['histories, conversations, /api/v1', 'amanda, flutter, /api/v1']);
    expect(new Set([first, second]).size).toBe(2);
  });

  it('serves the dialects of each port there, and what every port has', async () => {
    for (const [url, dialects] of [
      [first, ['histories', 'conversations']],
      [second, ['amanda', 'flutter']],
    ] as const) {
      expect(await (await fetch(url)).json()).toMatchObject({ service: 'parlance', dialects });
      for (const path of ['/health', '/docs', '/openapi.json', '/metrics'])
        expect((await fetch(url + path)).status).toBe(200);
      expect((await fetch(`${url}/api/v1/me`)).status).toBe(401);
    }
    expect((await post(`${first}/token`, {})).status).toBe(404);
    expect((await post(`${second}/api/login`, {})).status).toBe(404);
  });

  it('contests routes only between the dialects of a port', async () => {
    const wrong = { email: 'nobody@example.org', password: 'no password' };
    const atHistories = await post(`${first}/api/auth/login`, wrong);
    expect([atHistories.status, await atHistories.json()]).toEqual([
      400,
      { error: 'Missing username or password' },
    ]);
    const atAmanda = await post(`${second}/api/auth/login`, wrong);
    expect([atAmanda.status, await atAmanda.json()]).toEqual([
      401,
      { success: false, message: 'Invalid email or password' },
    ]);
  });

  it('is one server: a message through one port reaches a socket of the other', async () => {
    expect((await post(`${first}/api/auth/register`, person)).status).toBe(201);
    const signedIn = await post(`${first}/api/auth/login`, person);
    const { access_token: token } = (await signedIn.json()) as { access_token: string };
    const authorization = { authorization: `Bearer ${token}` };

    const socket = new WebSocket(`${second.replace('http', 'ws')}/ws?token=${token}`);
    const told = new Promise<string>((resolve) => {
      socket.on('message', (frame: Buffer) => {
        const { type, data: message } = JSON.parse(frame.toString()) as {
          type: string;
          data: { content: string };
        };
        if (type === 'message') resolve(message.content);
      });
    });
    await once(socket, 'open');
    const chat = (await (await post(`${first}/api/chat/create`, {}, authorization)).json()) as { id: number };
    await post(`${first}/api/messages/${chat.id}/send`, { text: 'Hello, other port' }, authorization);
    expect(await told).toBe('Hello, other port');
    socket.close();

    const metrics = await (await fetch(`${second}/metrics`)).text();
    expect(metrics).toMatch(/route="\/api\/auth\/register",status="201"\} 1/);
  });

  it('ends with one line when one of its ports is taken', async () => {
    const { port } = new URL(second);
    const ran = await runCommand(['serve'], {
      DATA_DIR: join(data.folder, 'other'),
      LOG_LEVEL: 'error',
      LISTEN: `0=flutter ${port}=amanda`,
    });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr.trimEnd()).toBe(
      `parlance: Port ${port} is taken. Stop the program that uses it, or choose another with LISTEN or PORT.`,
    );
  });

  it('stops all ports in order', async () => {
    expect(await server.stop()).toBe(0);
    await expect(fetch(first)).rejects.toThrow('fetch failed');
    await expect(fetch(second)).rejects.toThrow('fetch failed');
  });
});
