/** Controls, direction marks, halves of surrogate pairs, private and unassigned characters, line ends; not the two joiners, which some scripts need. */
const invisible = /(?![\u200c\u200d])\p{C}|\p{Zl}|\p{Zp}/u;

/** Whether a name shows what it is made of: nothing in it hides, breaks the line or turns the direction of what follows. */
export const isVisible = (text: string): boolean => !invisible.test(text);
