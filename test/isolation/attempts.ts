import { bodyForms, type Ids, integerForms, urlForms, uuidForms } from './id-forms.ts';
import type { NamedSlot, RouteEntry, Slot } from './route-table.ts';
import type { Things } from './world.ts';

/** One request, without who makes it. */
export type Attempt = {
  method: string;
  path: string;
  body: Record<string, unknown> | undefined;
  /** Whether an id of its path names something of the owner, in whatever form. */
  reaches: boolean;
};

/** The ids that a slot of a route names. */
function idsOf(things: Things, slot: NamedSlot): Ids {
  const [noun, which] = slot.split('.');
  if (noun === 'user' || noun === 'chat' || noun === 'reply' || noun === 'file') return things[noun];
  // Messages that the AI wrote have replies, and can do all that others can.
  return which === 'uuid' ? things.answer : things.message;
}

/** An id in its one spelling. */
export function canonical(things: Things, slot: Slot): string {
  const { id, uuid } = idsOf(things, slot);
  return slot.endsWith('.uuid') ? uuid : String(id);
}

/** A request to a route with these ids in its path and its body. */
export function attempt(
  route: string,
  entry: RouteEntry,
  {
    path = {},
    named = {},
    reaches = true,
  }: Partial<{
    path: Record<string, string>;
    named: Record<string, unknown>;
    reaches: boolean;
  }>,
): Attempt {
  const [method = '', url = ''] = route.split(' ');
  const filled = url.replaceAll(/:(\w+)/g, (_whole, name: string) => path[name] ?? '');
  const body = entry.body || entry.named ? { ...entry.body, ...named } : undefined;
  return { method, path: filled + (entry.query ?? ''), body, reaches };
}

const fillPath = (things: Things, { path = {} }: RouteEntry) =>
  Object.fromEntries(Object.entries(path).map(([name, slot]) => [name, canonical(things, slot)]));
const fillNamed = (things: Things, { named = {} }: RouteEntry) =>
  Object.fromEntries(Object.entries(named).map(([name, slot]) => [name, namedForms(things, slot)[0]]));

/** What a field may hold where a thing is named; the first is how it is meant. */
function namedForms(things: Things, slot: NamedSlot): unknown[] {
  const ids = idsOf(things, slot);
  if (slot === 'file.url') return urlForms(ids);
  if (slot === 'file.urls') return [...urlForms(ids).map((url) => [url]), urlForms(ids), ...urlForms(ids)];
  return bodyForms(ids);
}

/** The request that whoever owns the things makes. */
export const ownAttempt = (route: string, entry: RouteEntry, own: Things): Attempt =>
  attempt(route, entry, { path: fillPath(own, entry), named: fillNamed(own, entry), reaches: false });

/** Every way to ask a route for the owner's things: each id in each form, and own and foreign ids mixed. */
export function attempts(
  route: string,
  entry: RouteEntry,
  { owner, own }: { owner: Things; own: Things },
): Attempt[] {
  const made: Attempt[] = [];
  for (const [name, slot] of Object.entries(entry.path ?? {})) {
    for (const things of [owner, own]) {
      const others = { path: fillPath(things, entry), named: fillNamed(own, entry) };
      for (const form of pathForms(owner, slot)) {
        made.push(attempt(route, entry, { ...others, path: { ...others.path, [name]: form } }));
      }
    }
  }
  for (const [name, slot] of Object.entries(entry.named ?? {})) {
    const path = fillPath(own, entry);
    for (const form of namedForms(owner, slot)) {
      made.push(attempt(route, entry, { path, named: { [name]: form }, reaches: false }));
    }
  }
  return [...new Map(made.map((one) => [JSON.stringify(one), one])).values()];
}

/** The forms of an id of these things that a path may hold. */
export const pathForms = (things: Things, slot: Slot): string[] =>
  (slot.endsWith('.uuid') ? uuidForms : integerForms)(idsOf(things, slot));
