import type { z } from 'zod';

/** One setting of the product, as the operator meets it. */
export type Setting = {
  readonly name: string;
  /** Other names that are understood; the name above wins where both are given. */
  readonly aliases: readonly string[];
  /** As the operator would write it; null where there is none. */
  readonly default: string | null;
  /** A secret's value is never repeated in a message. */
  readonly secret: boolean;
  /** Reads the text; its issue completes the sentence "it must be …". */
  readonly parser: z.ZodType<unknown, string>;
  readonly about: string;
};

type Declaration<Parser extends z.ZodType<unknown, string>, Default extends string | null> = {
  name: string;
  aliases?: readonly string[];
  default: Default;
  secret?: boolean;
  parser: Parser;
  about: string;
};

/** Declares a setting, and keeps the types of its parser and of its default for `ValuesOf`. */
export const defineSetting = <Parser extends z.ZodType<unknown, string>, const Default extends string | null>(
  declaration: Declaration<Parser, Default>,
) => ({ aliases: [], secret: false, ...declaration }) satisfies Setting;

/** What reading a table of settings gives: undefined only where a setting has no default. */
export type ValuesOf<Settings extends Record<string, Setting>> = {
  [Key in keyof Settings]:
    | z.output<Settings[Key]['parser']>
    | (Settings[Key]['default'] extends string ? never : undefined);
};
