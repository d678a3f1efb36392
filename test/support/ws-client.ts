import { WebSocket } from 'ws';

export type Frame = { type: string; data: Record<string, unknown> };

/** A device: what it was told, in order, and what it says. */
export type WsClient = {
  readonly socket: WebSocket;
  /** Every frame that has come. */
  readonly frames: readonly Frame[];
  /** The first frame that fits and was not given before; one that has come already, or the next to come. */
  next(fits: string | ((frame: Frame) => boolean)): Promise<Frame>;
  say(type: string, data: unknown): void;
  /** Resolves with the code when the connection is over. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
};

/** Opens `/ws`. Rejects with the status of a refusal. */
export async function openWs(
  url: string,
  token: string,
  headers: Record<string, string> = {},
): Promise<WsClient> {
  const address = `${url.replace(/^http/, 'ws')}/ws?token=${encodeURIComponent(token)}`;
  return listenTo(new WebSocket(address, { headers }));
}

async function listenTo(socket: WebSocket): Promise<WsClient> {
  const frames: Frame[] = [];
  const given = new Set<Frame>();
  let wake: (() => void)[] = [];
  const changed = () => {
    for (const resolve of wake) resolve();
    wake = [];
  };
  let code: number | undefined;
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (reason: number) => {
      code = reason;
      changed();
      resolve(reason);
    });
  });
  socket.on('message', (data: Buffer) => {
    frames.push(JSON.parse(data.toString()) as Frame);
    changed();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('unexpected-response', (_request, response) => reject(new Refused(response.statusCode ?? 0)));
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);

  return {
    socket,
    frames,
    async next(fits) {
      for (;;) {
        const found = frames.find(
          (frame) => !given.has(frame) && (typeof fits === 'string' ? frame.type === fits : fits(frame)),
        );
        if (found) {
          given.add(found);
          return found;
        }
        if (code !== undefined) throw new Error(`It closed with ${code} after ${JSON.stringify(frames)}`);
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    say: (type, data) => socket.send(JSON.stringify({ type, data })),
    closed,
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** A handshake that was answered with a status. */
class Refused extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`Refused with ${status}`);
    this.status = status;
  }
}
