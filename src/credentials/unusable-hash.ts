import { randomBytes } from 'node:crypto';
import { currentForm } from './password-hasher.ts';

/** The stored hash of somebody who has no password: of a salt and an output that were drawn at random, as costly to check as any. */
export const unusableHash = (): string => `${currentForm}${base64(16)}$${base64(32)}`;

const base64 = (bytes: number): string => randomBytes(bytes).toString('base64').replaceAll('=', '');
