import type { FastifyInstance } from 'fastify';

/** Remembers every route, and says which methods a path has. Only asked when a request met no route. */
export function rememberRoutes(app: FastifyInstance): (path: string) => string[] {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', (route) => {
    const known = methods.get(route.url) ?? new Set();
    for (const method of [route.method].flat()) known.add(method);
    methods.set(route.url, known);
  });
  let patterns: { pattern: RegExp; methods: Set<string> }[] | undefined;
  return (path) => {
    patterns ??= [...methods].map(([url, known]) => ({ pattern: toPattern(url), methods: known }));
    const found = patterns.filter(({ pattern }) => pattern.test(path)).flatMap((entry) => [...entry.methods]);
    return [...new Set(found)].toSorted();
  };
}

/** `/chats/:id(^\d+$)/files/*` → the paths that it matches. */
function toPattern(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment === '*') return '.*';
    const [, expression] = /^:\w+\(\^(.+)\$\)$/.exec(segment) ?? [];
    if (expression !== undefined) return `(?=[^/]+)(?:${expression.replaceAll('.*', '[^/]*')})`;
    return segment.startsWith(':') ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
