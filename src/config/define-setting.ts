import type { MustBe, Parser } from './parser.ts';

/** One setting of the product, as the operator meets it. */
export type Setting = {
  readonly name: string;
  /** Other names that are understood; the name above wins where both are given. */
  readonly aliases: readonly string[];
  /** As the operator would write it; null where there is none. */
  readonly default: string | null;
  /** A secret's value is never repeated in a message. */
  readonly secret: boolean;
  readonly parser: Parser<unknown>;
  readonly about: string;
};

type Declaration<Value, Default extends string | null> = {
  name: string;
  aliases?: readonly string[];
  default: Default;
  secret?: boolean;
  parser: Parser<Value>;
  about: string;
};

/** Declares a setting, and keeps the types of its parser and of its default for `ValuesOf`. */
export const defineSetting = <Value, const Default extends string | null>(
  declaration: Declaration<Value, Default>,
) => ({ aliases: [], secret: false, ...declaration }) satisfies Setting;

/** What reading a table of settings gives: undefined only where a setting has no default. */
export type ValuesOf<Settings extends Record<string, Setting>> = {
  [Key in keyof Settings]:
    | Exclude<ReturnType<Settings[Key]['parser']>, MustBe>
    | (Settings[Key]['default'] extends string ? never : undefined);
};
