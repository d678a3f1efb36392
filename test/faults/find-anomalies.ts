/** What a client did, and what it knows of it. */
export type Operation = {
  kind: 'send' | 'delete' | 'read';
  chat: string;
  /** What was sent or deleted: no two messages say the same. */
  text: string;
  startedAt: number;
  /** Null where nobody knows whether it was done. */
  acknowledgedAt: number | null;
  /** What a read showed: the newest of the chat, in their order. */
  seen?: readonly string[];
};

/**
 * What cannot be in the history of one chat on one server: messages lost, there twice or never sent, deleted ones that are back, an order
 * against that of the acknowledgements, reads that miss what was acknowledged before them or show it in another order.
 */
export function findAnomalies(history: readonly Operation[], stored: readonly string[]): string[] {
  const sends = byText(history, 'send');
  const deletes = byText(history, 'delete');
  const place = new Map(stored.map((text, index) => [text, index]));
  const anomalies: string[] = [];
  if (place.size !== stored.length) anomalies.push('A message is stored twice');
  for (const text of stored) if (!sends.has(text)) anomalies.push(`${text} was never sent`);
  for (const [text, { acknowledgedAt }] of sends)
    if (acknowledgedAt !== null && !deletes.has(text) && !place.has(text)) anomalies.push(`${text} is lost`);
  for (const [text, { acknowledgedAt }] of deletes)
    if (acknowledgedAt !== null && place.has(text)) anomalies.push(`${text} was deleted and is there`);
  anomalies.push(...disorder(stored, sends));
  for (const read of history)
    if (read.kind === 'read' && read.acknowledgedAt !== null)
      anomalies.push(...badRead(read, { sends, deletes, place }));
  return anomalies;
}

const byText = (history: readonly Operation[], kind: Operation['kind']): Map<string, Operation> =>
  new Map(
    history.filter((operation) => operation.kind === kind).map((operation) => [operation.text, operation]),
  );

/** Pairs in which the later one in the order was acknowledged before the earlier one was sent. */
function disorder(texts: readonly string[], sends: ReadonlyMap<string, Operation>): string[] {
  const found: string[] = [];
  let earliest = { text: '', at: Number.POSITIVE_INFINITY };
  for (const text of texts.toReversed()) {
    const send = sends.get(text);
    if (!send) continue;
    if (earliest.at < send.startedAt)
      found.push(`${text} stands before ${earliest.text}, which was there first`);
    if (send.acknowledgedAt !== null && send.acknowledgedAt < earliest.at)
      earliest = { text, at: send.acknowledgedAt };
  }
  return found;
}

type Known = {
  sends: ReadonlyMap<string, Operation>;
  deletes: ReadonlyMap<string, Operation>;
  place: ReadonlyMap<string, number>;
};

function badRead({ seen = [], startedAt }: Operation, { sends, deletes, place }: Known): string[] {
  const found: string[] = [];
  const shown = new Set(seen);
  const places = seen.map((text) => place.get(text)).filter((at) => at !== undefined);
  if (places.some((at, index) => index > 0 && at < (places[index - 1] ?? 0)))
    found.push('A read shows another order');
  for (const text of seen) {
    const gone = deletes.get(text)?.acknowledgedAt ?? null;
    if (gone !== null && gone < startedAt) found.push(`A read shows ${text}, which was deleted before`);
  }
  // A page holds the newest: what was acknowledged before it and stands behind its first must be in it.
  const first = places[0];
  for (const [text, { acknowledgedAt }] of sends) {
    const at = place.get(text);
    const isDue = acknowledgedAt !== null && acknowledgedAt < startedAt && at !== undefined;
    if (isDue && first !== undefined && at > first && !shown.has(text))
      found.push(`A read misses ${text}, which was acknowledged before`);
  }
  return found;
}
