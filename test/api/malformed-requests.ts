import type { Described, Description, Media, Schema } from './description.ts';
import { inlined, operationsOf } from './description.ts';
import {
  below,
  chance,
  fittingValue,
  pick,
  type Random,
  randomText,
  strangeText,
  strangeValue,
} from './malformed-values.ts';

export type Malformed = {
  method: string;
  url: string;
  headers: Record<string, string>;
  payload: Buffer | undefined;
};
export type Surroundings = {
  /** A login that may be used, and one that may be lost. */
  tokens: { kept: string; spent: string };
  /** Ids of things that exist, by the first word of their path; `spent` ones may be removed. */
  ids: Record<'chats' | 'messages' | 'replies' | 'numbers' | 'spent', readonly [string, ...string[]]>;
};

/** Requests made from the description of the API, each with something wrong; the same numbers give the same requests. */
export function malformedRequests(description: Description, surroundings: Surroundings) {
  const operations = operationsOf(description).map((one) => ({ ...one, cost: costOf(one) }));
  return (random: Random): Malformed => {
    let operation = pickOperation(random, operations);
    // Those that hash a password take a thousand times as long: a few of them are enough.
    while (operation.cost > random()) operation = pickOperation(random, operations);
    return malformed({ random, description, surroundings }, operation);
  };
}

const pickOperation = <Value>(random: Random, values: readonly Value[]): Value =>
  pick(random, values as readonly [Value, ...Value[]]);
const costOf = ({ path }: Described) => (/register|login|sign-in|password/.test(path) ? 0.9 : 0);
const endsLogin = ({ path }: Described) => /sign-out|logout|password/.test(path);
const removes = ({ path, method }: Described) => method === 'DELETE' || /clear/.test(path);
const neverEnds = ({ path }: Described) => path === '/api/v1/events';

type Context = { random: Random; description: Description; surroundings: Surroundings };

function malformed(context: Context, described: Described): Malformed {
  const { random, surroundings } = context;
  const { operation, method } = described;
  const token = endsLogin(described) ? surroundings.tokens.spent : surroundings.tokens.kept;
  const headers: Record<string, string> = {};
  if (neverEnds(described)) headers['last-event-id'] = `x${randomHeader(random)}`;
  else if (chance(random, 0.85)) headers['authorization'] = `Bearer ${token}`;
  else if (chance(random, 0.8)) headers[pick(random, ['authorization', 'cookie'])] = strangeHeader(random);
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in === 'header' && !neverEnds(described) && chance(random, 0.6)) {
      headers[parameter.name] = strangeHeader(random);
    }
  }
  if (chance(random, 0.05)) {
    const name = pick(random, [
      'accept',
      'origin',
      'x-forwarded-for',
      'expect-ct',
      'sec-fetch-site',
      'range',
      'te',
    ]);
    headers[name] = strangeHeader(random);
  }
  const payload = strangeBody(context, described, headers);
  return {
    method: chance(random, 0.04)
      ? pick(random, ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'POST'])
      : method,
    url: strangePath(context, described) + strangeQuery(random, described),
    headers,
    payload,
  };
}

const visible = (random: Random) => String.fromCharCode(33 + below(random, 94));
const randomHeader = (random: Random) =>
  Array.from({ length: 1 + below(random, 20) }, () => visible(random)).join('');
function strangeHeader(random: Random): string {
  return pick(random, [
    '',
    'x'.repeat(300),
    'Bearer',
    'Bearer a.b.c',
    'Bearer eyJhbGciOiJub25lIn0.e30.',
    'Basic Og==',
    'session=',
    `session=${randomHeader(random)}`,
    'text/event-stream',
    '"1", "2"',
    'W/"0"',
    '-1',
    '9'.repeat(40),
    'end',
    '\u00ff\u00fe',
    randomHeader(random),
    randomHeader(random),
  ]);
}

function strangePath({ random, surroundings }: Context, described: Described): string {
  const first = /\/v1\/(chats|messages|replies)\//.exec(described.path)?.[1] as 'chats' | undefined;
  const ids = surroundings.ids[removes(described) ? 'spent' : (first ?? 'numbers')];
  return described.path.replaceAll(/\{(\w+)\}/g, () => {
    if (chance(random, 0.5)) return pick(random, ids);
    return pick(random, [
      '%',
      '%zz',
      '%00',
      '%ED%A0%80',
      '%C3%28',
      '0',
      '-1',
      '1e9',
      '99999999999999999999',
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      '%2e%2e%2f',
      'x'.repeat(300),
      'null',
      ';drop',
      encodeURIComponent(randomText(random).toWellFormed()),
    ]);
  });
}

function strangeQuery(random: Random, { operation }: Described): string {
  const names = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => name);
  if (names.length === 0 && !chance(random, 0.1)) return '';
  const pairs = [...names, ...(chance(random, 0.2) ? ['__proto__', 'x[y]'] : [])]
    .filter(() => chance(random, 0.8))
    .flatMap((name) => (chance(random, 0.1) ? [name, name] : [name]))
    .map((name) => `${name}${pick(random, ['=', '', '=='])}${strangeQueryValue(random)}`);
  return pairs.length > 0 ? `?${pairs.join(pick(random, ['&', '&&', ';']))}` : '';
}

const strangeQueryValue = (random: Random) =>
  chance(random, 0.3)
    ? pick(random, [
        '%',
        '%zz',
        '%00',
        '%ED%A0%80',
        '-1',
        '1e3',
        '0x10',
        'WzEsImNoYXRzIl0',
        'true',
        '+',
        '99999999999',
      ])
    : encodeURIComponent(strangeText(random).slice(0, 500).toWellFormed());

function strangeBody(
  context: Context,
  { operation }: Described,
  headers: Record<string, string>,
): Buffer | undefined {
  const { random } = context;
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type === undefined && !chance(random, 0.2)) return undefined;
  headers['content-type'] = chance(random, 0.9)
    ? 'application/json'
    : pick(random, [
        'text/plain',
        'application/xml',
        'multipart/form-data',
        'application/json; charset=x',
        'a',
        '/',
        '',
      ]);
  const text = Buffer.from(JSON.stringify(strangeObject(context, media)) ?? '');
  switch (below(random, 12)) {
    case 0:
      return text.subarray(0, below(random, text.length + 1));
    case 1:
      return Buffer.concat([text, Buffer.from([0xff, 0x00, 0xc3])]);
    case 2:
      return Buffer.from('['.repeat(50 + below(random, 5_000)));
    case 3:
      return Buffer.from(`{"__proto__":${text.toString()},"constructor":{"prototype":{}}}`);
    case 4:
      return Buffer.from(text.toString().replace('"', String.raw`"\ud800`));
    case 5:
      return Buffer.from(Array.from({ length: below(random, 60) }, () => below(random, 256)));
    default:
      return text;
  }
}

function strangeObject({ random, description }: Context, media: Media | undefined): unknown {
  if (chance(random, 0.1)) return strangeValue(random);
  const schema = inlined(description, media?.schema ?? {}) as Schema;
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  const object: Record<string, unknown> = {};
  // Some are right in all but one place: they reach what the others do not.
  const wrong = pick(random, [0.02, 0.3, 0.8]);
  for (const [name, property] of Object.entries(properties)) {
    if (chance(random, wrong / 3)) continue;
    object[name] = !chance(random, wrong) ? fittingValue(random, property) : strangeValue(random);
  }
  if (chance(random, 0.2))
    object[pick(random, ['role', 'id', 'user_id', 'extra', ''])] = strangeValue(random);
  return object;
}
