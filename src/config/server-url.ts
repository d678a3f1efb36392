import { MustBe } from './parser.ts';

/** A database server, as one address that the storage reads; `shown` is the same without the password. */
export type ServerLocation = { engine: 'postgres' | 'mysql'; url: string; shown: string };

export type ServerParts = {
  user: string;
  password: string;
  host: string;
  port: string;
  database: string;
  /** The path of a Unix socket, the kind of TLS and the file of whom to trust for it. */
  options: Partial<Record<'socket' | 'tls' | 'ca', string>>;
};

const example = {
  postgres: 'postgres://user:password@host:5432/name',
  mysql: 'mysql://user:password@host:3306/name',
};

// The password is taken up to the last @, so that one with special characters may stand as it is.
const shape =
  /^\/\/(?:(?<user>[^:@/]*)(?::(?<password>.*))?@)?(?<host>\[[0-9a-fA-F:.]+\]|[\w.%~-]*)(?::(?<port>\d{1,5}))?\/(?<database>[^/?]*)(?:\?(?<query>.*))?$/s;

/**
 * `//user:password@host:port/name?options`, the part behind the scheme, in the spellings of libpq, SQLAlchemy, Node's and PHP's
 * drivers. Options that say nothing here are left out; unknown ones are refused, because they may be about safety.
 */
export function serverUrl(engine: 'postgres' | 'mysql', text: string): ServerLocation | MustBe {
  const found = shape.exec(text)?.groups;
  if (!found) return new MustBe(`a database address such as ${example[engine]}`);
  const { user = '', password = '', host = '', port = '', database = '', query = '' } = decodedAll(found);
  if (database === '')
    return new MustBe(`an address that ends with the name of a database, such as ${example[engine]}`);
  const options = readOptions(query);
  if (options instanceof MustBe) return options;
  const socket = options.socket ?? (host.startsWith('/') ? host : undefined);
  return locationOf(engine, {
    user,
    password,
    host: host.startsWith('/') ? '' : host,
    port,
    database,
    options: { ...options, ...(socket === undefined ? {} : { socket }) },
  });
}

/** Writes the parts of an address as one. */
export function locationOf(engine: 'postgres' | 'mysql', parts: ServerParts): ServerLocation {
  const { user, password, host, port, database, options } = parts;
  const login = password === '' ? encode(user) : `${encode(user)}:${encode(password)}`;
  // An address without a host cannot have a user.
  const place = `${host === '' ? 'localhost' : host}${port === '' ? '' : `:${port}`}`;
  const query = new URLSearchParams(options).toString();
  const url = `${engine}://${login === '' ? '' : `${login}@`}${place}/${encode(database)}`;
  return {
    engine,
    url: query === '' ? url : `${url}?${query}`,
    shown: `${engine}://${user === '' ? '' : `${encode(user)}@`}${options.socket ?? place}/${encode(database)}`,
  };
}

const encode = encodeURIComponent;

function decodedAll(found: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(found).map(([name, text = '']) => [name, name === 'query' ? text : decoded(text)]),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that stands for itself.
    return text;
  }
}

/** What may be said in an address and changes nothing here. */
const ignored = new Set(['charset', 'client_encoding', 'application_name', 'connect_timeout', 'collation']);

/** The kinds of TLS in everybody's words. `prefer` and `allow` promise nothing, so they are nothing. */
const tlsKinds: Readonly<Record<string, string>> = {
  disable: 'disable',
  disabled: 'disable',
  false: 'disable',
  '0': 'disable',
  allow: 'disable',
  prefer: 'disable',
  preferred: 'disable',
  require: 'require',
  required: 'require',
  'no-verify': 'require',
  '{"rejectunauthorized":false}': 'require',
  'verify-ca': 'verify-ca',
  verify_ca: 'verify-ca',
  'verify-full': 'verify-full',
  verify_identity: 'verify-full',
  true: 'verify-full',
  '1': 'verify-full',
  '{"rejectunauthorized":true}': 'verify-full',
};

const optionOf: Readonly<Record<string, 'socket' | 'tls' | 'ca'>> = {
  host: 'socket',
  socket: 'socket',
  unix_socket: 'socket',
  socketpath: 'socket',
  sslmode: 'tls',
  'ssl-mode': 'tls',
  ssl_mode: 'tls',
  ssl: 'tls',
  sslrootcert: 'ca',
  'ssl-ca': 'ca',
  ssl_ca: 'ca',
};

function readOptions(query: string): ServerParts['options'] | MustBe {
  const options: ServerParts['options'] = {};
  for (const [name, value] of new URLSearchParams(query)) {
    if (ignored.has(name.toLowerCase())) continue;
    const option = optionOf[name.toLowerCase()];
    if (option === undefined)
      return new MustBe(
        'an address with no other options than host, sslmode, ssl-mode, sslrootcert, ssl, ssl_ca and unix_socket',
      );
    if (option === 'tls' && tlsKinds[value.toLowerCase()] === undefined)
      return new MustBe('an address whose sslmode is disable, require, verify-ca or verify-full');
    if (option === 'socket' && !value.startsWith('/'))
      return new MustBe('an address that names its host before the database, not behind it');
    options[option] = option === 'tls' ? (tlsKinds[value.toLowerCase()] ?? '') : value;
  }
  return options.ca === undefined ? options : { ...options, tls: checked(options.tls) };
}

/** Who names an authority wants it to be asked: `require` does so then, as with libpq, and without a word so does all else. */
const checked = (tls: string | undefined): string =>
  tls === undefined ? 'verify-full' : tls === 'require' ? 'verify-ca' : tls;
