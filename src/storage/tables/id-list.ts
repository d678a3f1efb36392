/** 32 digits, and the same again for those that another digit follows. */
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const base = 32;
const values = new Uint8Array(128);
for (let index = 0; index < digits.length; index += 1) values[digits.charCodeAt(index)] = index;

/**
 * Ascending ids as text: the distance of each from the one before, its lowest digit first. An id among many takes one or two characters.
 * `after`: what was encoded before them ends with it.
 */
export function encodeIds(ids: readonly number[], after = 0): string {
  let text = '';
  let before = after;
  for (const id of ids) {
    let rest = id - before;
    before = id;
    while (rest >= base) {
      text += digits.charAt(base + (rest % base));
      rest = Math.floor(rest / base);
    }
    text += digits.charAt(rest);
  }
  return text;
}

/** How many ids a text has, and the last of them; 0 without any. */
export function endOfIds(text: string): { count: number; last: number } {
  let [count, last, scale] = [0, 0, 1];
  for (let index = 0; index < text.length; index += 1) {
    const value = values[text.charCodeAt(index)] ?? 0;
    last += (value % base) * scale;
    if (value < base) {
      count += 1;
      scale = 1;
    } else {
      scale *= base;
    }
  }
  return { count, last };
}

export function decodeIds(text: string): number[] {
  const ids: number[] = [];
  let id = 0;
  let scale = 1;
  for (let index = 0; index < text.length; index += 1) {
    const value = values[text.charCodeAt(index)] ?? 0;
    id += (value % base) * scale;
    if (value < base) {
      ids.push(id);
      scale = 1;
    } else {
      scale *= base;
    }
  }
  return ids;
}
