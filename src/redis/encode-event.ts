import type { TextDelta, Typing } from '../core/events.ts';
import type { FanoutEvent } from '../core/ports.ts';

/** What one process tells the others. A change is told by its place alone: the database has the rest. */
export type EncodedEvent =
  | TextDelta
  | Typing
  | { type: 'moved'; position: number }
  | { type: 'ended'; ids: number[] }
  | { type: 'stop'; id: number };

/** Undefined for what concerns this process alone. */
export function encodeEvent(event: FanoutEvent): EncodedEvent | undefined {
  if (event.type === 'change') return { type: 'moved', position: event.position };
  return event.type === 'gap' ? undefined : event;
}

const types: ReadonlySet<unknown> = new Set<EncodedEvent['type']>([
  'text-delta',
  'typing',
  'moved',
  'ended',
  'stop',
]);

/** Undefined for what no process of this version says. Redis is trusted as the database is: only its form is looked at. */
export function decodeEvents(message: string): { origin: string; events: EncodedEvent[] } | undefined {
  try {
    const { origin, events } = JSON.parse(message) as { origin: string; events: EncodedEvent[] };
    // A newer process may say more than this one understands.
    return { origin, events: events.filter(({ type }) => types.has(type)) };
  } catch {
    return undefined;
  }
}
