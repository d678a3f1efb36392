import { readEnvironment } from '../config.ts';
import { databaseUrl } from '../config/database-url.ts';
import { ConfigError } from '../config/config-error.ts';
import { MustBe } from '../config/parser.ts';
import { isAbsolute, resolve } from 'node:path';
import { requireUnusedFile } from '../storage/engines/sqlite/in-use.ts';
import type { Place } from '../storage/moving/open-place.ts';

const variable = /^env:(\w+)$/;

/**
 * The database that an option names: its address, or `env:` and the name of a variable that has it, because everybody on a machine can
 * read the arguments of a command. A relative file starts where the command was given. @throws ConfigError
 */
function placeOf(option: string, text: string): Place {
  const [, name] = variable.exec(text) ?? [];
  const said = name === undefined ? text : variableOf(name);
  if (said === '') throw new ConfigError(`${name ?? option} is not set.`);
  const from = name === undefined ? option : `${name}, which ${option} names,`;
  const location = databaseUrl(said);
  if (location instanceof MustBe) throw new ConfigError(`${from} must be ${location.what}.`);
  if (location.engine !== 'sqlite') return { url: location.url, shown: location.shown };
  const file = isAbsolute(location.file) ? location.file : resolve(location.file);
  return { url: file, shown: file };
}

/** The same for one that nobody else may use meanwhile. @throws ConfigError; StorageError when another program has its file open */
export function unusedPlaceOf(option: string, text: string): Place {
  const place = placeOf(option, text);
  if (isAbsolute(place.url)) requireUnusedFile(place.url);
  return place;
}

function variableOf(name: string): string {
  const { environment, file } = readEnvironment();
  return environment[name] || file[name] || '';
}
