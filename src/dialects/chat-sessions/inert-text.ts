/** What a browser would take for the inside of a tag: a name or a declaration right behind `<`. A lone `<` is arithmetic. */
const tagStart = /^\/?[a-z!]/i;
const scriptLike =
  /javascript:|<\s*\/?\s*(?:iframe|object|embed)\b|\bon[a-z]+=|<\/?[a-z][^<>]*\bon[a-z]+\s*=/i;

/** Whether text would run as a script where it is shown carelessly. Linear in the text's length. */
export const isScriptLike = (text: string): boolean => scriptLike.test(text);

/**
 * Takes out HTML tags, and those that come together when an inner one goes: `<scr<b>ipt>`. What is left is kept as it is. Looks at
 * each character once.
 */
export function stripTags(text: string): string {
  if (!text.includes('<')) return text;
  let kept = '';
  /** Where in `kept` a tag may have begun. */
  let openings: number[] = [];
  for (const character of text) {
    const opening = openings.at(-1);
    if (character === '<') openings.push(kept.length);
    else if (character === '>' && opening !== undefined) {
      if (tagStart.test(kept.slice(opening + 1, opening + 3))) {
        kept = kept.slice(0, opening);
        openings.pop();
        continue;
      }
      // Nothing before this `>` can become a tag any more.
      openings = [];
    }
    kept += character;
  }
  return kept;
}
