import { once } from 'node:events';
import { WebSocket } from 'ws';

export const path = '/socket.io/?EIO=4&transport=websocket';

/** A websocket with its frames as they are. */
export async function openRaw(port: number, headers: Record<string, string>) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  const frames: string[] = [];
  const looks = new Set<() => void>();
  socket.on('message', (data: Buffer) => {
    frames.push(data.toString());
    for (const look of looks) look();
  });
  socket.on('error', () => {
    // Its close is what counts.
  });
  const closed = once(socket, 'close');
  /** The first frame that begins so, or the one after so many of them. */
  const frame = (start: string, after = 0) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = frames.filter((one) => one.startsWith(start))[after];
        if (found !== undefined) resolve(found);
      };
      looks.add(look);
      look();
    });
  await once(socket, 'open');
  return { socket, frames, frame, closed };
}

/** Polls as a client does that has no websocket. */
export async function openPolling(server: string, cookie: string) {
  const poll = `${server}/socket.io/?EIO=4&transport=polling`;
  const opened = await fetch(poll, { headers: { cookie } });
  const { sid } = JSON.parse((await opened.text()).slice(1)) as { sid: string };
  const url = `${poll}&sid=${sid}`;
  return {
    url,
    /** What waits for the client, in one text; a 400 where its connection has ended. */
    take: async () => {
      const answer = await fetch(url);
      return answer.ok ? answer.text() : answer.status;
    },
    /** Packets in one body; false where the connection was cut at them. */
    send: (...packets: string[]) =>
      fetch(url, { method: 'POST', body: packets.join('\u001E') }).then(
        ({ ok }) => ok,
        () => false,
      ),
  };
}
