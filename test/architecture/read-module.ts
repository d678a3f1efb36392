import { parseAst } from 'vitest/node';

/** One place where a module asks for another. Undefined: the name is computed while it runs. */
export type Request = { specifier: string | undefined; form: string };
export type ModuleFacts = { requests: Request[]; hasDefaultExport: boolean };

/** What a TypeScript module imports, in every form that the language has, read from its syntax tree. */
export function readModule(source: string): ModuleFacts {
  const facts: ModuleFacts = { requests: [], hasDefaultExport: false };
  visit(parseAst(source, { lang: 'ts' }), facts);
  return facts;
}

type Node = { type: string } & Record<string, unknown>;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function visit(value: unknown, facts: ModuleFacts): void {
  if (Array.isArray(value)) for (const item of value) visit(item, facts);
  if (!isNode(value)) return;
  if (asksForModule(value)) facts.requests.push({ specifier: nameIn(value), form: value.type });
  if (isDefaultExport(value)) facts.hasDefaultExport = true;
  for (const child of Object.values(value)) visit(child, facts);
}

const withSource = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
  'TSExternalModuleReference',
]);

function asksForModule(node: Node): boolean {
  if (withSource.has(node.type)) return true;
  if (node.type === 'ExportNamedDeclaration') return isNode(node['source']);
  return node.type === 'CallExpression' && isNode(node['callee']) && node['callee']['name'] === 'require';
}

/** The trees of different forms keep the name in different places. */
function nameIn(node: Node): string | undefined {
  const [first] = Array.isArray(node['arguments']) ? node['arguments'] : [];
  const place = [node['source'], node['argument'], node['expression'], first].find(isNode);
  const literal = place?.['type'] === 'TSLiteralType' ? place['literal'] : place;
  return isNode(literal) && typeof literal['value'] === 'string' ? literal['value'] : undefined;
}

function isDefaultExport(node: Node): boolean {
  if (node.type === 'ExportDefaultDeclaration') return true;
  const exported = node.type === 'ExportSpecifier' ? node['exported'] : undefined;
  return isNode(exported) && exported['name'] === 'default';
}
