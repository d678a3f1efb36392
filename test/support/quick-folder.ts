import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const inMemory = '/dev/shm';
const enoughBytes = 1024 ** 3;

/**
 * Where tests have the databases that they open themselves: in memory, where the machine has a folder there with room. To wait for a
 * disk at every commit shows nothing as long as nobody takes the power away.
 */
export const quickFolder = hasRoom() ? inMemory : tmpdir();

function hasRoom(): boolean {
  try {
    accessSync(inMemory, constants.W_OK);
    const { bavail, bsize } = statfsSync(inMemory);
    return bavail * bsize > enoughBytes;
  } catch {
    // Not every system has one.
    return false;
  }
}
