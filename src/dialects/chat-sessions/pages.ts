import { Type } from 'typebox';
import { refuse } from './rules.ts';

export const PageQuery = Type.Object({
  page: Type.Optional(Type.String({ description: 'From 1', examples: ['1'] })),
  per_page: Type.Optional(Type.String({ description: 'Up to 100', examples: ['20'] })),
});

export const Pagination = Type.Object({
  page: Type.Integer(),
  per_page: Type.Integer(),
  total: Type.Integer(),
  pages: Type.Integer(),
  has_next: Type.Boolean(),
  has_prev: Type.Boolean(),
});

export type Page = { page: number; perPage: number; offset: number; limit: number };

const maxPerPage = 100;
/** Behind it no list of ours reaches; a larger offset is no number that a database takes. */
const maxPage = 1_000_000_000;

/** Which page is asked for; what is no number counts as not given. @throws DomainError with this wire's sentences */
export function readPage(query: { page?: string; per_page?: string }, usual: number): Page {
  const page = toInteger(query.page, 1);
  const perPage = toInteger(query.per_page, usual);
  if (page < 1) throw refuse('Page number must be greater than 0');
  if (perPage < 1) throw refuse('Per page must be greater than 0');
  if (perPage > maxPerPage) throw refuse('Per page cannot exceed 100');
  return { page, perPage, offset: (Math.min(page, maxPage) - 1) * perPage, limit: perPage };
}

/** A number that is too large to count with is as far behind the end as any. */
const toInteger = (text: string | undefined, usual: number): number =>
  text !== undefined && /^[+-]?\d+$/.test(text)
    ? Math.max(-1, Math.min(Number(text), Number.MAX_SAFE_INTEGER))
    : usual;

export function toPagination({ page, perPage }: Page, total: number) {
  const pages = Math.ceil(total / perPage);
  return { page, per_page: perPage, total, pages, has_next: page < pages, has_prev: page > 1 };
}
