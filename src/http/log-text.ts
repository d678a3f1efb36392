type Line = { level: number; time: number; msg?: unknown } & Record<string, unknown>;

const levels = new Map([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info'],
  [40, 'warn'],
  [50, 'error'],
  [60, 'fatal'],
]);

/**
 * A line of the log as a person reads it on a terminal: the local time, the level unless it is `info`, the sentence and the fields;
 * below it the stack of an error. Nothing in it can steer the terminal.
 */
export function logText(json: string): string {
  const { level, time, msg = '', pid: _, hostname: __, err, ...fields } = JSON.parse(json) as Line;
  const [clock = ''] = new Date(time).toTimeString().split(' ');
  const word = level === 30 ? [] : [levels.get(level) ?? String(level)];
  const said = Object.entries(fields).map(([name, value]) => `${harmless(name)}=${textOf(value)}`);
  return `${[clock, ...word, sentenceOf(msg), ...said].join(' ')}\n${below(err)}`;
}

function below(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { stack, type, cause } = error as Record<string, unknown>;
  const lines = String(stack ?? type).split('\n');
  return lines.map((line) => `  ${harmless(line)}\n`).join('') + below(cause);
}

/** Libraries log what they like; a line of the log never fails. */
const sentenceOf = (msg: unknown): string => harmless(typeof msg === 'string' ? msg : JSON.stringify(msg));

const textOf = (value: unknown): string =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? harmless(value) : harmless(JSON.stringify(value));

const harmless = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
