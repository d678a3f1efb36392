import type { Environment } from './parse-settings.ts';

/** What people write who know how others call it. */
const otherWords: ReadonlyMap<string, string> = new Map([
  ['AI_BASE_URL', 'OPENAI_BASE_URL'],
  ['AI_API_KEY', 'OPENAI_API_KEY'],
]);

/**
 * Sentences about names that are like those of settings and are none: of the environment, which is full of the names of other programs,
 * only such as one mistyped letter explains, or two of a long name; of the file all that are about the same things.
 */
export function misspeltNames(
  { environment, file }: { environment: Environment; file: Environment },
  known: readonly string[],
): string[] {
  const firstWords = new Set(known.filter((name) => name.includes('_')).map(firstWord));
  const meant = (name: string, most: (meant: string) => number) =>
    otherWords.get(name) ?? nearest(name, known, most);
  const inFile = given(file, known).filter(
    (name) => firstWords.has(firstWord(name)) || meant(name, likely) !== undefined,
  );
  const inEnvironment = given(environment, known).filter((name) => meant(name, certain) !== undefined);
  return [...new Set([...inEnvironment, ...inFile])].map((name) => {
    const instead = meant(name, likely);
    return `${name} is set, but no setting has this name${instead === undefined ? '' : `; it may be ${instead} that is meant`}.`;
  });
}

const given = (source: Environment, known: readonly string[]): string[] =>
  Object.keys(source).filter((name) => (source[name] ?? '').trim() !== '' && !known.includes(name));

const firstWord = (name: string): string => name.split('_', 1)[0] ?? name;

/** How many letters of a name may be mistyped: `MYSQL_HOME` is not `MYSQL_HOST`. */
const certain = (meant: string): number => (meant.length < 12 ? 1 : 2);
const likely = (meant: string): number => (meant.length < 6 ? 1 : 2);

/** Nobody mistypes the first letter: without that, `GHOST` would be `HOST`. */
function nearest(
  name: string,
  known: readonly string[],
  most: (meant: string) => number,
): string | undefined {
  const near = known
    .filter((one) => one[0] === name[0] && Math.abs(one.length - name.length) <= most(one))
    .map((one) => ({ one, distance: distanceOf(name, one) }))
    .filter(({ one, distance }) => distance <= most(one));
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.one;
}

/** How many letters have to be added, left out, replaced, or change places with their neighbour, to make one text of another. */
function distanceOf(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next[column] = Math.min(
        at(last, column) + 1,
        at(next, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
        swapped ? at(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, next];
  }
  return at(last, other.length);
}

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;
