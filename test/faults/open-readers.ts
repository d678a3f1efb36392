import { io } from 'socket.io-client-4.5';
import { WebSocket } from 'ws';

/** Whose reader it is, and what it reads. */
export type Place = {
  url: string;
  /** A login with tokens, and a browser's. */
  token: string;
  cookie: string;
  /** A chat, and a reply that is being written in it. */
  chat: string;
  reply: string;
};

/** An open connection that was told something, and when it was last told anything (`performance.now()`). */
export type Reader = { lastToldAt(): number; readonly closedAt: Promise<number> };
type OpenReader = (place: Place) => Promise<Reader>;

const bearer = ({ token }: Place) => ({ authorization: `Bearer ${token}` });

/** Every way to hear of a reply while it is written. Resolves once something was heard. */
export const openReaders: Record<string, OpenReader> = {
  'the events of the reply': (place) =>
    readStream(`${place.url}/api/v1/replies/${place.reply}/events`, { headers: bearer(place) }),
  'the same with a cookie': (place) =>
    readStream(`${place.url}/api/v1/replies/${place.reply}/events`, { headers: { cookie: place.cookie } }),
  'the feed of the user': (place) => readStream(`${place.url}/api/v1/events`, { headers: bearer(place) }),
  'a send that streams': (place) =>
    readStream(`${place.url}/api/v1/chats/${place.chat}/messages`, {
      method: 'POST',
      headers: { ...bearer(place), 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ text: 'and this, when the first is done' }),
    }),
  // It hears of replies that others asked for at their end only: it asks for one itself.
  'Socket.IO': async ({ url, cookie }) => {
    const headers = { cookie, 'content-type': 'application/json' };
    const made = await fetch(`${url}/api/chat/create`, { method: 'POST', headers });
    const { chat_id } = (await made.json()) as { chat_id: number };
    const options = { transports: ['websocket'], forceNew: true, reconnection: false };
    const socket = io(url, { ...options, extraHeaders: { cookie } });
    socket.emit('send_message', { chat_id, message: 'fake:count=100000,rate=20' });
    return watch((told, closed) => {
      socket.onAny((event: string) => (event === 'message_token' ? told() : undefined));
      socket.once('disconnect', closed);
      socket.once('connect_error', closed);
    });
  },
  '/ws': ({ url, token }) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws?token=${token}`);
    return watch((told, closed) => {
      socket.on('message', told);
      socket.once('close', closed);
      socket.once('error', closed);
    });
  },
};

function readStream(url: string, init: RequestInit): Promise<Reader> {
  return watch((told, closed) => {
    const read = async () => {
      const response = await fetch(url, init);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        if (/^event: /m.test(chunk)) told();
      }
    };
    read().then(closed, closed);
  });
}

function watch(start: (told: () => void, closed: (why?: unknown) => void) => void): Promise<Reader> {
  return new Promise((resolve, reject) => {
    let lastToldAt = 0;
    let close: (at: number) => void = () => undefined;
    const closedAt = new Promise<number>((over) => (close = over));
    start(
      () => {
        lastToldAt = performance.now();
        resolve({ lastToldAt: () => lastToldAt, closedAt });
      },
      (why) => {
        close(performance.now());
        // Later than the first word this does nothing.
        reject(new Error('It closed before it was told anything', { cause: why }));
      },
    );
  });
}
