import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openRaw, path } from './socket-io-client.ts';
import { startSocketIoServer, type SocketIoTestServer } from './socket-io-server.ts';

let server: SocketIoTestServer;
let cookie: string;
beforeAll(async () => {
  server = await startSocketIoServer();
  ({ cookie } = await server.newUser());
});
afterAll(() => server.close());

/** The same, connected to the namespace. */
async function openConnected(port = server.port, secret = cookie) {
  const raw = await openRaw(port, { cookie: secret });
  raw.socket.send('40');
  await raw.frame('40');
  return raw;
}

const stillServes = async () => {
  const { socket, frame } = await openConnected();
  socket.send('42["send_message",{}]');
  expect(await frame('42')).toBe('42["error",{"message":"Invalid message data"}]');
  socket.terminate();
};

describe('malformed frames are answered or closed, never fatal', () => {
  it.each([
    ['no packet', 'x'],
    ['an unknown packet', '9'],
    ['an unknown Socket.IO packet', '4z'],
    ['JSON that breaks off', '42["send_message",{'],
    ['no array', '42{"a":1}'],
    ['an empty array', '42[]'],
    ['a reserved name', '42["disconnect"]'],
    ['a forged connection error', '44{"message":"x"}'],
    ['an unknown namespace', '40/admin,'],
    ['an event of an unknown namespace', '42/admin,["send_message",{}]'],
    ['a second connect', '40'],
    ['binary that nobody announced', Buffer.from([1, 2, 3])],
    ['announced binary that does not come', '451-["send_message",{"_placeholder":true,"num":0}]'],
    ['too many attachments', '4599999999-["x"]'],
    ['an acknowledgement of nothing', '43999999999999999999[1]'],
    ['deep nesting', `42["send_message",${'['.repeat(30_000)}${']'.repeat(30_000)}]`],
    ['deep nesting with binary', `451-["send_message",${'['.repeat(30_000)}${']'.repeat(30_000)}]`],
    ['a forbidden key', '42["send_message",{"__proto__":{"chat_id":1,"message":"x"}}]'],
    ['a number as a name', '42[7,{}]'],
    ['a probe out of place', '2probe'],
    ['an upgrade out of place', '5'],
    ['NUL', '\u0000\u0000\u0000'],
  ])('%s', async (_name, frame) => {
    const { socket } = await openConnected();
    socket.send(frame);
    socket.send(Buffer.from('binary'));
    await stillServes();
    socket.terminate();
  });

  it('a frame of 4 MiB is read, a larger one closes the connection', async () => {
    const { socket, frame, closed } = await openConnected();
    const padding = (size: number) => `42["send_message",{"x":"${'x'.repeat(size)}"}]`;
    socket.send(padding(4_194_000));
    expect(await frame('42')).toBe('42["error",{"message":"Invalid message data"}]');
    socket.send(padding(4_194_400));
    expect((await closed)[0]).toBe(1009);
    await stillServes();
  });

  it('binary frames that one event may wait for are one: a second in a row closes the connection', async () => {
    const { socket, frame, closed } = await openConnected();
    const announced =
      '452-["send_voice_message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]';
    socket.send(announced.replace('452', '451').replace(',{"_placeholder":true,"num":1}', ''));
    socket.send(Buffer.from('one'));
    expect(await frame('42')).toBe('42["error",{"message":"Invalid message data"}]');
    socket.send(announced);
    socket.send(Buffer.from('one'));
    socket.send(Buffer.from('two'));
    await closed;
    await stillServes();
  });

  it('a polling request of more than 4 MiB is 413', async () => {
    const poll = '/socket.io/?EIO=4&transport=polling';
    const opened = await fetch(server.url + poll, { headers: { cookie } });
    const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
    const answer = await fetch(`${server.url}${poll}&sid=${sid}`, {
      method: 'POST',
      body: 'x'.repeat(4_194_305),
    });
    expect(answer.status).toBe(413);
    await stillServes();
  });

  it.each([
    ['no transport', '/socket.io/?EIO=4'],
    ['an unknown transport', '/socket.io/?EIO=4&transport=carrier-pigeon'],
    ['an old protocol', '/socket.io/?EIO=3&transport=polling'],
    ['an unknown sid', '/socket.io/?EIO=4&transport=polling&sid=__proto__'],
    ['nothing at all', '/socket.io/'],
  ])('a polling request with %s is refused', async (_name, url) => {
    const answer = await fetch(server.url + url, { headers: { cookie } });
    expect(answer.status).toBe(400);
  });
});

describe('a handshake', () => {
  it.each([
    ['no cookie', {}],
    ['a cookie of nobody', { cookie: `session=${'x'.repeat(43)}` }],
    ['a foreign origin', { origin: 'https://evil.example' }],
  ])('with %s is refused, and nobody is let in', async (_name, headers) => {
    const before = server.readers.count('socket-io');
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, {
      headers: { ...('origin' in headers ? { cookie } : {}), ...headers },
    });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toMatch(/Unexpected server response: 40[03]/);
    expect(server.readers.count('socket-io')).toBe(before);
  });

  it('counts as a reader of its user, up to the limit, until it closes', async () => {
    const narrow = await startSocketIoServer(2);
    const user = await narrow.newUser();
    const open = () =>
      new WebSocket(`ws://127.0.0.1:${narrow.port}${path}`, { headers: { cookie: user.cookie } });
    const [one, two] = [open(), open()];
    await Promise.all([once(one, 'message'), once(two, 'message')]);
    expect(narrow.readers.count('socket-io')).toBe(2);
    const three = open();
    await once(three, 'close');
    one.close();
    await once(one, 'close');
    await expect.poll(() => narrow.readers.count('socket-io')).toBe(1);
    two.terminate();
    await expect.poll(() => narrow.readers.count('socket-io')).toBe(0);
    await narrow.close();
  });
});

/** A websocket client that connects and then reads nothing. */
async function openDeaf(port: number, secret: string): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => {
    // It is cut: that is the point.
  });
  const seen = async (text: string) => {
    for (let all = ''; !all.includes(text);)
      all += ((await once(socket, 'data')) as [Buffer])[0].toString('latin1');
  };
  socket.write(
    `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncookie: ${secret}\r\nconnection: upgrade\r\n` +
      'upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  await seen('"sid"');
  // A masked text frame, with a mask of zeros.
  socket.write(Buffer.concat([Buffer.from([0x81, 0x82, 0, 0, 0, 0]), Buffer.from('40')]));
  await seen('40{');
  socket.pause();
  return socket;
}

describe('a slow reader', () => {
  it('is cut at about 1 MiB that it leaves unread; one that reads gets everything', async () => {
    const own = await startSocketIoServer();
    const user = await own.newUser();
    const deaf = await openDeaf(own.port, user.cookie);
    const { socket, frame } = await openConnected(own.port, user.cookie);
    expect(own.readers.count('socket-io')).toBe(2);
    const piece = 'word '.repeat(2_000);
    // As many replies as it takes to fill what the network itself keeps for a reader.
    let rounds = 0;
    for (; own.readers.count('socket-io') > 1 && rounds < 60; rounds += 1) {
      socket.send(`42["send_message",{"chat_id":${user.chatId},"message":"speak"}]`);
      const answer = await own.core.ai.next();
      answer.finish(...Array.from({ length: 50 }, () => piece));
      const complete = await frame('42["message_complete"', rounds);
      expect(complete.length).toBeGreaterThan(500_000);
    }
    expect(own.readers.count('socket-io')).toBe(1);
    expect(rounds).toBeGreaterThan(1);
    socket.terminate();
    deaf.destroy();
    await own.close();
  });
});

describe('a speech', () => {
  /** Five MiB of silence: more than the network itself keeps for a reader, and far more than one may leave unread otherwise. */
  const silence = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5 * 1024 * 1024)]);

  it('may be left unread for a while, and cuts nobody; what else is told comes with it', async () => {
    let isMade: () => void = () => undefined;
    const made = new Promise<void>((resolve) => (isMade = resolve));
    async function* speak() {
      yield silence;
      isMade();
    }
    const own = await startSocketIoServer(undefined, {
      speak: async () => ({ mediaType: 'audio/mpeg', bytes: speak() }),
      close: async () => undefined,
    });
    const user = await own.newUser();
    const { socket, frame, frames } = await openConnected(own.port, user.cookie);
    const actor = await own.core.core.sessions.checkCookie(user.cookie.slice('session='.length));
    socket.pause();
    socket.send('42["text_to_speech",{"text":"Hello!"}]');
    await made;
    for (let count = 0; count < 3; count += 1) await own.core.core.chats.create(actor, {});
    expect(own.readers.count('socket-io')).toBe(1);
    expect(frames.filter((one) => one.startsWith('42'))).toEqual([]);
    socket.resume();
    await frame('42["chat_created"', 2);
    const speech = JSON.parse((await frame('42["speech"')).slice(2)) as [string, { audio: string }];
    expect(Buffer.from(speech[1].audio, 'base64').equals(silence)).toBe(true);
    socket.terminate();
    await own.close();
  });
});

describe('a login that ends', () => {
  it('closes even a connection whose client does not answer', async () => {
    const own = await startSocketIoServer();
    const user = await own.newUser();
    const deaf = await openDeaf(own.port, user.cookie);
    const closed = once(deaf, 'close');
    const actor = await own.core.core.sessions.checkCookie(user.cookie.slice('session='.length));
    const startedAt = performance.now();
    await own.core.core.sessions.close(actor);
    await expect.poll(() => own.app.connections.size).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(own.readers.count('socket-io')).toBe(0);
    let said = '';
    deaf.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
    deaf.resume();
    await closed;
    expect(said).toContain('42["error",{"message":"Authentication required"}]');
    await own.close();
  });
});
