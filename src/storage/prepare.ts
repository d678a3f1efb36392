import { sql, type Compilable, type RawBuilder } from 'kysely';
import { requireUnicode } from '../core/unicode-text.ts';

export type SqlValue = string | number | null;
export type Named = Record<string, SqlValue>;

/** A statement that is compiled once, when it is first used: its SQL, and how named values become its parameters. */
export interface Query<Values, Row> {
  readonly sql: string;
  readonly bind: (values: Values) => SqlValue[];
  /** Never set: lets the compiler know the type of a row. */
  readonly row?: Row;
}

/** Stands in a query under construction for a value that is given when it runs. */
export interface Placeholders<Values> {
  <Name extends keyof Values & string>(name: Name): RawBuilder<Values[Name]>;
}

/** What a placeholder leaves in a compiled query. */
class Slot {
  readonly name: string;
  /** Which item of a list it belongs to. */
  readonly item: number;

  constructor(name: string, item: number) {
    this.name = name;
    this.item = item;
  }
}

const placeholders =
  <Values>(item: number): Placeholders<Values> =>
  (name) =>
    sql`${new Slot(name, item)}`;

const slotsOf = (parameters: readonly unknown[]): (Slot | string | number | null)[] =>
  parameters.map((parameter) => {
    if (parameter instanceof Slot || parameter === null) return parameter;
    if (typeof parameter === 'string' || typeof parameter === 'number') return parameter;
    throw new TypeError(`A query holds a ${typeof parameter}, which no column takes`);
  });

const valueOf = (values: Named | undefined, name: string): SqlValue => {
  const value = values?.[name];
  if (value === undefined) throw new TypeError(`A query was given no value for ${name}`);
  // What one database refuses and another alters none gets to see.
  return typeof value === 'string' ? requireUnicode(value, name) : value;
};

/** A start has a hundred statements and runs ten of them. */
const compiledLate = <Values, Row>(
  build: () => Compilable<Row>,
  valueIn: (values: Values, slot: Slot) => SqlValue,
): Query<Values, Row> => {
  let made: { sql: string; slots: ReturnType<typeof slotsOf> } | undefined;
  const compiled = () => (made ??= compile(build()));
  return {
    get sql() {
      return compiled().sql;
    },
    bind: (values) => compiled().slots.map((slot) => (slot instanceof Slot ? valueIn(values, slot) : slot)),
  };
};

const compile = (query: Compilable) => {
  const { sql: text, parameters } = query.compile();
  return { sql: text, slots: slotsOf(parameters) };
};

/** Compiles a query once. What the builder holds as `p('name')` is taken from the values of each run. */
export const prepared = <Values extends Named, Row>(
  build: (p: Placeholders<Values>) => Compilable<Row>,
): Query<Values, Row> =>
  compiledLate(
    () => build(placeholders(0)),
    (values, { name }) => valueOf(values, name),
  );

/** A query over a list of any length: a few statements of fixed lengths, each compiled when first needed. */
export interface ListQuery<Item, Row> {
  /** The list cut into pieces, each with the statement of its length. */
  readonly pieces: (
    items: readonly Item[],
  ) => { query: Query<readonly Item[], Row>; items: readonly Item[] }[];
  /** Every statement it can ever use. */
  readonly all: () => Query<readonly Item[], Row>[];
}

type BuildList<Item, Row> = (items: Placeholders<Item>[]) => Compilable<Row>;

const preparedForItems = <Item extends Named, Row>(
  build: BuildList<Item, Row>,
  count: number,
): Query<readonly Item[], Row> =>
  compiledLate(
    () => build(Array.from({ length: count }, (_, item) => placeholders<Item>(item))),
    (items, { item, name }) => valueOf(items[item], name),
  );

/** The lengths of list that get a statement of their own, longest first. */
const lengths = [64, 32, 16, 8, 4, 3, 2, 1] as const;

/** For inserts, where each item counts: a list is cut into exact lengths. */
export const preparedList = <Item extends Named, Row>(build: BuildList<Item, Row>): ListQuery<Item, Row> => {
  const byLength = new Map<number, Query<readonly Item[], Row>>();
  const ofLength = (length: number) => {
    const known = byLength.get(length);
    if (known) return known;
    const made = preparedForItems(build, length);
    byLength.set(length, made);
    return made;
  };
  return {
    pieces: (items) => {
      const pieces = [];
      for (let from = 0; from < items.length;) {
        const left = items.length - from;
        const length = lengths.find((candidate) => candidate <= left) ?? 1;
        pieces.push({ query: ofLength(length), items: items.slice(from, from + length) });
        from += length;
      }
      return pieces;
    },
    all: () => lengths.map(ofLength),
  };
};

/** For `in (...)`, where a repeated item changes nothing: the last piece is filled up to the next length. */
export const preparedSet = <Item extends Named, Row>(build: BuildList<Item, Row>): ListQuery<Item, Row> => {
  const { all, pieces } = preparedList(build);
  return {
    all,
    pieces: (items) => {
      const last = items.at(-1);
      const rest = items.length % lengths[0];
      if (last === undefined || rest === 0) return pieces(items);
      const length = lengths.findLast((candidate) => candidate >= rest) ?? lengths[0];
      return pieces([...items, ...Array<Item>(length - rest).fill(last)]);
    },
  };
};

/** An update of any set of columns: one statement for each set that is ever used. */
export const preparedPatch = (
  build: (set: Record<string, RawBuilder<never>>, id: RawBuilder<number>) => Compilable,
): ((columns: Named) => Query<Named, unknown>) => {
  const bySet = new Map<string, Query<Named, unknown>>();
  return (columns) => {
    const names = Object.keys(columns);
    const key = names.join();
    const known = bySet.get(key);
    if (known) return known;
    const set = Object.fromEntries(names.map((name) => [name, sql<never>`${new Slot(name, 0)}`]));
    const made = prepared<Named, unknown>(() => build(set, sql<number>`${new Slot('id', 0)}`));
    bySet.set(key, made);
    return made;
  };
};
