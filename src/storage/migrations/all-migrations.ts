import type { Migration } from './column-types.ts';
import { firstSchema } from './0001-first-schema.ts';

/** Every step of the schema, oldest first. A step that was released never changes; the next one is one more line. */
export const allMigrations: readonly Migration[] = [firstSchema];
