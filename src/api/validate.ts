import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';

/**
 * Checks bodies as they are (nothing is converted, dropped or added) and queries with their numbers and booleans read from text.
 * Headers are described by their schema and read by whoever uses them.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  if (httpPart === 'headers') return (value: unknown) => ({ value });
  const check = Compile(schema);
  return (given: unknown) => {
    // No body at all is one without fields: then the answer can say which are missing.
    const value =
      httpPart === 'body' ? (given ?? {}) : httpPart === 'params' ? given : Value.Convert(schema, given);
    if (check.Check(value)) return { value };
    return { error: check.Errors(value).filter(({ keyword }) => keyword !== 'boolean') };
  };
};
