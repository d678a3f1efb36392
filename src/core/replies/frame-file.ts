import type { Attachment } from '../attachments/attachment.ts';
import type { FileText } from '../ports.ts';
import { firstUnits } from '../unicode-text.ts';
import { unitsWithin } from '../usage/estimate-tokens.ts';

type Unreadable = Extract<FileText, { unreadable: unknown }>['unreadable'];

const reasons: Record<Unreadable, string> = {
  'no-text': 'a file that has no words',
  empty: 'a file in which no words were found',
  encrypted: 'a file that is locked with a password and cannot be read',
  broken: 'a file that is damaged and cannot be read',
  'too-costly': 'a file that is too large to be read',
};

/** A sentence in the place of a file that the model is not shown. */
export const nameFile = ({ name }: Pick<Attachment, 'name'>, what: string): string =>
  `[The user attached ${JSON.stringify(name)}, ${what}.]`;

/**
 * The words of a file between two lines with its name, so that they are not taken for the user's own: as many of them as so many tokens are.
 * Why there are none, where there are none.
 */
export function frameFile(
  file: Pick<Attachment, 'name'>,
  found: FileText | undefined,
  tokens: number,
): string {
  if (found === undefined) return nameFile(file, 'a file that cannot be read here');
  if ('unreadable' in found) return nameFile(file, reasons[found.unreadable]);
  const text = firstUnits(found.text, unitsWithin(found.text, tokens));
  if (text === '') return nameFile(file, 'a file for which there is no room');
  const isCut = found.isCut || text.length < found.text.length;
  const name = JSON.stringify(file.name);
  return `[Begin of the file ${name}, attached by the user]\n${text}\n[End of the file ${name}${isCut ? ', of which the rest is left out' : ''}]`;
}
