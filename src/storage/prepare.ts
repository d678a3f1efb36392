import { sql, type Compilable, type RawBuilder } from 'kysely';

export type SqlValue = string | number | null;
export type Named = Record<string, SqlValue>;

/** A statement that was compiled once: its SQL, and how named values become its parameters. */
export interface Query<Values, Row> {
  readonly sql: string;
  bind(values: Values): SqlValue[];
  /** Never set: lets the compiler know the type of a row. */
  readonly row?: Row;
}

/** Stands in a query under construction for a value that is given when it runs. */
export interface Placeholders<Values> {
  <Name extends keyof Values & string>(name: Name): RawBuilder<Values[Name]>;
}

class Placeholder {
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
    sql.val(new Placeholder(name, item)) as unknown as RawBuilder<Values[typeof name]>;

/** Compiles a query once. What the builder holds as `p('name')` is taken from the values of each run. */
export const prepared = <Values extends Named, Row>(
  build: (p: Placeholders<Values>) => Compilable<Row>,
): Query<Values, Row> => {
  const compiled = build(placeholders<Values>(0)).compile();
  const slots = compiled.parameters.map((parameter) =>
    parameter instanceof Placeholder ? parameter.name : constant(parameter),
  );
  const isNamed = compiled.parameters.map((parameter) => parameter instanceof Placeholder);
  return {
    sql: compiled.sql,
    bind: (values) => {
      const parameters: SqlValue[] = [];
      for (let index = 0; index < slots.length; index += 1) {
        const slot = slots[index] as string;
        parameters.push(isNamed[index] === true ? (values[slot] as SqlValue) : slot);
      }
      return parameters;
    },
  };
};

const constant = (parameter: unknown): SqlValue => {
  if (parameter === null || typeof parameter === 'string' || typeof parameter === 'number') return parameter;
  throw new TypeError(`A query holds a ${typeof parameter}, which no column takes`);
};

const preparedForItems = <Item extends Named, Row>(
  build: (items: Placeholders<Item>[]) => Compilable<Row>,
  count: number,
): Query<readonly Item[], Row> => {
  const compiled = build(Array.from({ length: count }, (_, item) => placeholders<Item>(item))).compile();
  const slots = compiled.parameters.map((parameter) =>
    parameter instanceof Placeholder ? parameter : constant(parameter),
  );
  return {
    sql: compiled.sql,
    bind: (items) =>
      slots.map((slot) =>
        slot instanceof Placeholder ? ((items[slot.item] as Item)[slot.name] as SqlValue) : slot,
      ),
  };
};

/** The lengths of list that get a statement of their own. */
const lengths = [64, 32, 16, 8, 4, 3, 2, 1];

/** A query over a list of any length: a few statements of fixed lengths, each compiled when first needed. */
export interface ListQuery<Item, Row> {
  /** The list cut into pieces, each with the statement of its length. */
  pieces(items: readonly Item[]): { query: Query<readonly Item[], Row>; items: readonly Item[] }[];
  /** Every statement it can ever use. */
  all(): Query<readonly Item[], Row>[];
}

/** For statements whose rows all count, such as inserts: a list is cut into exact lengths. */
export const preparedList = <Item extends Named, Row>(
  build: (items: Placeholders<Item>[]) => Compilable<Row>,
): ListQuery<Item, Row> => {
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
      let from = 0;
      while (from < items.length) {
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
export const preparedSet = <Item extends Named, Row>(
  build: (items: Placeholders<Item>[]) => Compilable<Row>,
): ListQuery<Item, Row> => {
  const exact = preparedList(build);
  return {
    all: exact.all,
    pieces: (items) => {
      const last = items.at(-1);
      if (last === undefined) return [];
      const rest = items.length % 64;
      const length = rest === 0 ? 0 : (lengths.findLast((candidate) => candidate >= rest) ?? 64);
      const filling = length === 0 ? 0 : length - rest;
      return exact.pieces(filling === 0 ? items : [...items, ...Array<Item>(filling).fill(last)]);
    },
  };
};

/** Updates of any set of columns: one statement for each set that is ever used. */
export const preparedPatch = (
  build: (set: Record<string, RawBuilder<never>>, id: RawBuilder<number>) => Compilable<unknown>,
): ((columns: Named) => Query<Named, unknown>) => {
  const bySet = new Map<string, Query<Named, unknown>>();
  return (columns) => {
    const names = Object.keys(columns);
    const key = names.join();
    const known = bySet.get(key);
    if (known) return known;
    const made = prepared((p: Placeholders<Named>) =>
      build(
        Object.fromEntries(names.map((name) => [name, p(name) as RawBuilder<never>])),
        p('id') as RawBuilder<number>,
      ),
    );
    bySet.set(key, made);
    return made;
  };
};
