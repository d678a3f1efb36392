import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifySchemaCompiler } from 'fastify';

/**
 * Schemas become code when they are first used. Compiling those of every route before the first answer would make up half of the
 * start, and most processes never see most routes.
 */
export const lazily =
  <Schema>(compile: FastifySchemaCompiler<Schema>): FastifySchemaCompiler<Schema> =>
  (route) => {
    let check: ReturnType<typeof compile> | undefined;
    return (value: unknown) => (check ??= compile(route))(value);
  };

/** Fastify's own way to write answers by their schemas, made on first use. */
export const buildLazySerializer: ReturnType<typeof SerializerSelector> = (schemas, options) => {
  const compile = SerializerSelector()(schemas, options);
  return (route) => {
    let write: ReturnType<typeof compile> | undefined;
    return (answer: unknown) => (write ??= compile(route))(answer);
  };
};

export const lazyValidatorCompiler = lazily(TypeBoxValidatorCompiler);
