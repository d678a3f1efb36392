import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096);
let used = pool.length;

/** A version 7 UUID (RFC 9562, section 5.7): sorts by the millisecond it was made in, with 74 random bits. */
export function uuidv7(at: Date): string {
  // Filled a few hundred at a time: one call into the generator per id costs more than the id.
  if (used + 10 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const time = at.getTime().toString(16).padStart(12, '0');
  const random = pool.toString('hex', used, used + 10);
  used += 10;
  const variant = ((Number.parseInt(random.charAt(3), 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}
