import type { Migration } from './column-types.ts';
import { firstSchema } from './0001-first-schema.ts';
import { modelsAndUsage } from './0002-models-and-usage.ts';
import { search } from './0003-search.ts';
import { heldUsage } from './0004-held-usage.ts';

/** Every step of the schema, oldest first. A step that was released never changes; the next one is one more line. */
export const allMigrations: readonly Migration[] = [firstSchema, modelsAndUsage, search, heldUsage];
