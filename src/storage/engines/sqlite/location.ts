import { isAbsolute, resolve } from 'node:path';
import { StorageError } from '../engine.ts';

/**
 * The file that an `sqlite:` URL names: `sqlite:./data/x.db`, `sqlite:/abs/x.db`, and SQLAlchemy's `sqlite:///x.db` (relative to the
 * working directory) and `sqlite:////abs/x.db`. A path without a scheme is taken as it is. @throws StorageError
 */
export const sqliteFile = (url: string): string => {
  if (!url.startsWith('sqlite:')) return resolve(url);
  const path = pathOf(url);
  if (path === ':memory:' || path === '')
    throw new StorageError(
      `A database in memory would lose every message: name a file, for example sqlite:./data/parlance.db (not ${url})`,
    );
  return isAbsolute(path) ? path : resolve(path);
};

const pathOf = (url: string): string => {
  const rest = decoded(url.slice('sqlite:'.length).replace(/\?.*$/, ''));
  if (!rest.startsWith('//')) return rest;
  if (rest === '//' || rest === '//:memory:') return '';
  if (rest.startsWith('///')) return rest.slice(3);
  throw new StorageError(
    `${url} names a host, and SQLite has none: write sqlite:///${rest.slice(2)} for a file in the working directory`,
  );
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    // A file name may hold a percent sign that stands for itself.
    return text;
  }
};
