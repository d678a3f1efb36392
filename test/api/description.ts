/** An OpenAPI document, as far as the tests look into it. */
export type Schema = { [keyword: string]: unknown };
export type Media = { schema?: Schema; example?: unknown; examples?: Record<string, { value: unknown }> };
export type Parameter = Omit<Media, 'schema'> & {
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
};
export type Operation = {
  operationId: string;
  summary: string;
  tags: string[];
  security: Record<string, unknown>[];
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, Media> };
  responses: Record<string, { description: string; content?: Record<string, Media> }>;
};
export type Description = {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
};
export type Described = { path: string; method: string; operation: Operation };

export const operationsOf = ({ paths }: Description): Described[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );

/** Every value of the document under a key, wherever it stands. */
export function findAll(node: unknown, key: string): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...findAll(value, key),
  ]);
}

/** What a reference points at. @throws Error where there is nothing */
export function resolve(description: Description, ref: string): unknown {
  let node: unknown = description;
  for (const name of ref.replace(/^#\//, '').split('/')) {
    node = (node as Record<string, unknown> | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (!ref.startsWith('#/') || node === undefined) throw new Error(`${ref} points at nothing`);
  return node;
}

/** The schema with what its references point at put in their places. */
export function inlined(description: Description, node: unknown): unknown {
  if (Array.isArray(node)) return node.map((one) => inlined(description, one));
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { $ref?: unknown };
  if (typeof $ref === 'string') return inlined(description, resolve(description, $ref));
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(description, value)]));
}
