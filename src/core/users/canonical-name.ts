/**
 * The form by which names and emails are compared and found: two that a person would take for the same spelling have the same one
 * (`Bob`, `bob `, `ｂｏｂ`; é typed as one character or as two), and accents count (`admin` is not `ádmin`).
 *
 * It is Unicode's compatibility form NFKC with case folded and without what is never visible. JavaScript has no case folding: upper
 * case and then lower case is the nearest it has, and folds a little more (ß is ss, a dotless ı is i), which only makes more names
 * count as taken. Total: any text has one, and the canonical form of a canonical form is itself.
 */
export function canonicalName(name: string): string {
  // Folding can bring about what folds further (ẞ is ß is ss), once.
  return fold(fold(name));
}

const fold = (name: string): string =>
  name
    .normalize('NFKC')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
