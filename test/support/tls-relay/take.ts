import { once } from 'node:events';
import type { Duplex } from 'node:stream';

/** So many bytes of a stream that nobody else reads from meanwhile. @throws Error when it ends before */
export async function take(stream: Duplex, size: number): Promise<Buffer> {
  for (;;) {
    const bytes = stream.read(size) as Buffer | null;
    if (bytes?.length === size) return bytes;
    if (stream.readableEnded || stream.destroyed) throw new Error('The stream ended early');
    await once(stream, 'readable');
  }
}

/** From here on everything, in both directions. */
export function pass(near: Duplex, far: Duplex): void {
  near.pipe(far);
  far.pipe(near);
}
