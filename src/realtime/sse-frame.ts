import { DomainError } from '../core/errors.ts';

/** One event of a stream. `id` is what the reader sends back as `Last-Event-ID`; `data` is text, mostly JSON. */
export type SseEvent = { id?: string; event: string; data: string };

/** The bytes of an event (WHATWG HTML, "Server-sent events"), as text. `id` and `event` hold no line break. */
export function frameOf({ id, event, data }: SseEvent): string {
  const head = id === undefined ? `event: ${event}\ndata: ` : `event: ${event}\nid: ${id}\ndata: `;
  return head + (hasLineBreak(data) ? data.split(/\r\n|\r|\n/).join('\ndata: ') : data) + '\n\n';
}

const hasLineBreak = (data: string): boolean => data.includes('\n') || data.includes('\r');

/** The id under which a stream's last event is sent: a reader that comes back with it has seen everything. */
export const endId = 'end';

/**
 * The place that a returning reader names in `Last-Event-ID`: a position, `end`, or null when it names none.
 * @throws DomainError `position-invalid`
 */
export function parseLastEventId(value: string | undefined): number | typeof endId | null {
  if (value === undefined || value === '') return null;
  if (value === endId) return endId;
  const position = /^(?:0|[1-9]\d{0,15})$/.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(position)) throw new DomainError('position-invalid');
  return position;
}
