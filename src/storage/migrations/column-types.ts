import type { ColumnDefinitionBuilder, CreateTableBuilder, Expression, Kysely } from 'kysely';

/** The type of a column, as Kysely takes it. */
type DataType = 'integer' | 'bigint' | 'smallint' | 'text' | Expression<unknown>;

/** How an engine spells the few types that the schema is made of. */
export interface ColumnTypes {
  /** An integer key that the database counts up; `countUp` says so. A number is never given out twice, even after its row is gone. */
  readonly key: DataType;
  countUp(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder;
  /** A reference to such a key. */
  readonly reference: DataType;
  readonly integer: DataType;
  /** Milliseconds since 1970. */
  readonly millis: DataType;
  /** 0 or 1. */
  readonly flag: DataType;
  /** Up to so many characters, fit for an index. */
  readonly text: (length: number) => DataType;
  readonly longtext: DataType;
  /** Ends every `create table`. `clustered`: the rows are kept in the order of the primary key, which has several columns or is text. */
  endTable<Table extends string, Column extends string>(
    table: CreateTableBuilder<Table, Column>,
    kind: 'counted' | 'clustered',
  ): CreateTableBuilder<Table, Column>;
}

/** One step of the schema, for all engines. */
export interface Migration {
  readonly name: string;
  up(database: Kysely<never>, types: ColumnTypes): Promise<void>;
  down(database: Kysely<never>, types: ColumnTypes): Promise<void>;
}
