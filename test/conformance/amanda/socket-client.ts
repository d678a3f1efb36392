import { io as io48 } from 'socket.io-client';
import { io as io45 } from 'socket.io-client-4.5';

export type Told = { event: string; payload: Record<string, unknown> };
/** What one send was answered: its own tokens joined, and its one end. */
export type Answer = { text: string; end: Told };

/** How the site connects (4.5, websocket at once), and how a client of today does (polling, then the upgrade). */
export const clients = {
  '4.5.4 over websocket': { io: io45 as unknown as typeof io48, transports: ['websocket', 'polling'] },
  '4.8 over polling, upgraded': { io: io48, transports: ['polling', 'websocket'] },
  '4.8 over polling alone': { io: io48, transports: ['polling'] },
} as const;
export type ClientName = keyof typeof clients;

/** A socket that is not connected yet. */
export function openSocket(url: string, cookie: string, name: ClientName = '4.5.4 over websocket') {
  const { io, transports } = clients[name];
  return io(url, {
    transports: [...transports],
    withCredentials: true,
    forceNew: true,
    reconnection: false,
    extraHeaders: cookie === '' ? {} : { cookie },
  });
}

/** Connects as the clients do. Rejects with the client's own error where it is refused. */
export async function connect(url: string, cookie: string, name?: ClientName) {
  const socket = openSocket(url, cookie, name);
  const told: Told[] = [];
  const looks = new Set<() => void>();
  const look = () => {
    for (const one of looks) one();
  };
  socket.onAny((event: string, payload: Record<string, unknown>) => {
    told.push({ event, payload });
    look();
  });
  let reason: string | undefined;
  const left = new Promise<string>((resolve) => {
    socket.once('disconnect', (why) => {
      reason = why;
      resolve(why);
      look();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });

  /** The first event from a place on that fits; rejects when the connection ends before. */
  function next(fits: (one: Told) => boolean, from = 0): Promise<Told> {
    return new Promise((resolve, reject) => {
      const one = () => {
        const found = told.slice(from).find(fits);
        if (found === undefined && reason === undefined) return;
        looks.delete(one);
        if (found) resolve(found);
        else reject(new Error(`The connection ended (${reason}) after ${JSON.stringify(told.slice(-5))}`));
      };
      looks.add(one);
      one();
    });
  }

  /** What follows from a place on, to the one end of a send. */
  async function answer(from: number): Promise<Answer> {
    const end = await next(isEnd, from);
    const own = told.slice(from, told.indexOf(end));
    return {
      text: own
        .filter(isToken)
        .map(({ payload }) => String(payload['text']))
        .join(''),
      end,
    };
  }

  return {
    socket,
    told,
    left,
    next,
    answer,
    /** Sends, and waits for the end. */
    ask(chatId: number | string, message: string, more: object = {}): Promise<Answer> {
      const from = told.length;
      socket.emit('send_message', { chat_id: chatId, message, ...more });
      return answer(from);
    },
    /** Sends whatever it is given, and waits for the end. */
    send(...payload: unknown[]): Promise<Answer> {
      const from = told.length;
      socket.emit('send_message', ...payload);
      return answer(from);
    },
    async [Symbol.asyncDispose]() {
      socket.close();
    },
  };
}

export type TestSocket = Awaited<ReturnType<typeof connect>>;

/** What others said carries the chat's id. */
const isOwn = ({ payload }: Told) => !('chat_id' in payload);
export const isOfOthers = (one: Told) =>
  (one.event === 'message_token' || one.event === 'message_complete') && !isOwn(one);
const isToken = (one: Told) => one.event === 'message_token' && isOwn(one);
export const isEnd = (one: Told) => one.event === 'error' || (one.event === 'message_complete' && isOwn(one));
