import type { PasswordHasher } from '../../src/core/ports.ts';
import { createPasswordHasher } from '../../src/credentials/password-hasher.ts';

/** Hashes as the product does, at a hundredth of the cost: what a guess costs is no matter of most tests, and they make thousands. */
export const cheapPasswords = (): PasswordHasher =>
  createPasswordHasher({ concurrency: 2, maxQueue: 100 }, { memoryCost: 256, timeCost: 1, parallelism: 1 });
