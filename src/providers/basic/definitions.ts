import { computingTerms } from './definitions-computing.ts';
import { languageTerms } from './definitions-languages.ts';
import { scienceTerms } from './definitions-science.ts';

/** What a term means; `terms` are its names in lower case. */
export type Definition = { terms: readonly string[]; text: string };

export const definitions: readonly Definition[] = [...languageTerms, ...computingTerms, ...scienceTerms];
