/** Both ids of one thing. */
export type Ids = { id: number; uuid: string };

const fullWidth = (text: string) =>
  encodeURIComponent(text.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))));
const percent = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');

/** Ways to write an integer id into a path; only the first two name it. */
export const integerForms = ({ id, uuid }: Ids): string[] => [
  String(id),
  percent(String(id)),
  `0${id}`,
  `${id}.0`,
  `+${id}`,
  `-${id}`,
  `${id}e0`,
  `0x${id.toString(16)}`,
  fullWidth(String(id)),
  `${id}%00`,
  `${id}%20`,
  `%20${id}`,
  `${id}%0a`,
  `${id},${id}`,
  `[${id}]`,
  `%5B${id}%5D`,
  `${id}%2F`,
  `${id}%252e`,
  `${id};`,
  '9223372036854775808',
  '18446744073709551616',
  '9007199254740993',
  '-1',
  '0',
  uuid,
  `${id}${'0'.repeat(200)}`,
  '9'.repeat(400),
  '%',
  '%ff',
  'null',
];

/** Ways to write a UUID into a path; only the first three name it, the second where upper case counts as the same. */
export const uuidForms = ({ id, uuid }: Ids): string[] => [
  uuid,
  uuid.toUpperCase(),
  percent(uuid),
  uuid.replaceAll('-', ''),
  `{${uuid}}`,
  `urn:uuid:${uuid}`,
  `${uuid}%00`,
  `${uuid}%20`,
  `%20${uuid}`,
  `${uuid}%0a`,
  `${uuid},${uuid}`,
  `[${uuid}]`,
  `${uuid}%2F`,
  fullWidth(uuid),
  uuid.slice(0, -1),
  `${uuid}0`,
  String(id),
  `0${id}`,
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  uuid.repeat(4),
  '9'.repeat(400),
  '%',
  '%ff',
  'null',
];

/** Ways to name a file in a body, by where it is served. */
export const urlForms = ({ id, uuid }: Ids): unknown[] => [
  `/uploads/${uuid}`,
  `uploads/${uuid}`,
  `https://elsewhere.example/uploads/${uuid}`,
  `/uploads/${uuid.toUpperCase()}`,
  `/uploads/../uploads/${uuid}`,
  `/uploads/${uuid}?x`,
  `/uploads/${id}`,
  uuid,
  id,
  [`/uploads/${uuid}`],
  { url: `/uploads/${uuid}` },
  null,
];

/** What may stand in a JSON body where an id is expected. */
export const bodyForms = ({ id, uuid }: Ids): unknown[] => [
  uuid,
  uuid.toUpperCase(),
  `{${uuid}}`,
  `${uuid}\u0000`,
  id,
  String(id),
  `0${id}`,
  id + 0.5,
  -id,
  2 ** 53 + 2,
  2 ** 63,
  1e308,
  [uuid],
  [[id]],
  { id },
  { $ne: null },
  true,
  null,
  '',
  'x'.repeat(10_000),
];
