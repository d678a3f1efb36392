/** A map that forgets what was asked for least recently once it holds more than `capacity` entries. */
export class BoundedMap<Key, Value> {
  readonly #entries = new Map<Key, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    // A Map keeps the order of insertion: the entry goes to the young end.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** Gives back the entry that had to go, if one had to. */
  set(key: Key, value: Value): [Key, Value] | undefined {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#capacity) return undefined;
    const oldest = this.#entries.entries().next().value;
    if (oldest) this.#entries.delete(oldest[0]);
    return oldest;
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }
}
