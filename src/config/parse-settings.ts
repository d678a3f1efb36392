import { ConfigError } from './config-error.ts';
import type { Setting, ValuesOf } from './define-setting.ts';
import { MustBe } from './parser.ts';

/** Names and their texts, nearest first: the process's environment, then the `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting of a table. An earlier source wins over a later one; within a source a setting's name wins over its aliases;
 * an empty text counts as not given. @throws ConfigError for the first bad value
 */
export function parseSettings<const Settings extends Record<string, Setting>>(
  settings: Settings,
  sources: readonly Environment[],
): ValuesOf<Settings> {
  // `Object.fromEntries` forgets which key had which type; the table's own type says it again.
  return Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, parseSetting(setting, sources)]),
  ) as ValuesOf<Settings>;
}

function parseSetting(setting: Setting, sources: readonly Environment[]): unknown {
  const found = find(setting, sources);
  if (found === undefined) return setting.default === null ? undefined : setting.parser(setting.default);
  const value = setting.parser(found.value);
  if (value instanceof MustBe) throw badValue(setting, found, value.what);
  return value;
}

type Found = { name: string; value: string };

function find(setting: Setting, sources: readonly Environment[]): Found | undefined {
  for (const source of sources)
    for (const name of [setting.name, ...setting.aliases]) {
      const value = source[name]?.trim();
      if (value !== undefined && value !== '') return { name, value };
    }
  return undefined;
}

function badValue(setting: Setting, found: Found, mustBe: string): ConfigError {
  const shown = setting.secret ? '' : ` is ${JSON.stringify(found.value.slice(0, 60))}, but`;
  return new ConfigError(`${found.name}${shown} must be ${mustBe}.`);
}
