import type { Named, SqlValue } from '../prepare.ts';

/** What a field of the core may be. */
type Field = string | number | boolean | Date | null;

const toSql = (field: Field): SqlValue => {
  if (field instanceof Date) return field.getTime();
  if (typeof field === 'boolean') return field ? 1 : 0;
  return field;
};

export const toDate = (millis: number | null): Date | null => (millis === null ? null : new Date(millis));

/** The columns that a patch sets, by a table of field and column. */
export const patchColumns = <Patch extends Partial<Record<string, Field>>>(
  patch: Patch,
  columnOf: Readonly<Record<keyof Patch & string, string>>,
): Named => {
  const columns: Named = {};
  for (const field of Object.keys(columnOf) as (keyof Patch & string)[]) {
    const value: Field | undefined = patch[field];
    if (value !== undefined) columns[columnOf[field]] = toSql(value);
  }
  return columns;
};
