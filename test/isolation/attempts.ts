import { bodyForms, type Ids, integerForms, uuidForms } from './id-forms.ts';
import type { RouteEntry, Slot } from './route-table.ts';
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
export function idsOf(things: Things, slot: Slot): Ids {
  const [noun, which] = slot.split('.');
  if (noun === 'user' || noun === 'chat' || noun === 'reply') return things[noun];
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
  return { method, path: filled, body, reaches };
}

const slotsOf = (slots: Readonly<Record<string, Slot>> = {}) => Object.entries(slots);
const fill = (things: Things, slots: Readonly<Record<string, Slot>> = {}) =>
  Object.fromEntries(slotsOf(slots).map(([name, slot]) => [name, canonical(things, slot)]));

/** The request that whoever owns the things makes. */
export const ownAttempt = (route: string, entry: RouteEntry, own: Things): Attempt =>
  attempt(route, entry, { path: fill(own, entry.path), named: fill(own, entry.named), reaches: false });

/** Every way to ask a route for the owner's things: each id in each form, and own and foreign ids mixed. */
export function attempts(
  route: string,
  entry: RouteEntry,
  { owner, own }: { owner: Things; own: Things },
): Attempt[] {
  const made: Attempt[] = [];
  for (const [name, slot] of slotsOf(entry.path)) {
    for (const things of [owner, own]) {
      const others = { path: fill(things, entry.path), named: fill(own, entry.named) };
      for (const form of pathForms(owner, slot)) {
        made.push(attempt(route, entry, { ...others, path: { ...others.path, [name]: form } }));
      }
    }
  }
  for (const [name, slot] of slotsOf(entry.named)) {
    for (const form of bodyForms(idsOf(owner, slot))) {
      const path = fill(own, entry.path);
      made.push(attempt(route, entry, { path, named: { [name]: form }, reaches: false }));
    }
  }
  return [...new Map(made.map((one) => [JSON.stringify(one), one])).values()];
}

/** The forms of an id of these things that a path may hold. */
export const pathForms = (things: Things, slot: Slot): string[] =>
  (slot.endsWith('.uuid') ? uuidForms : integerForms)(idsOf(things, slot));
