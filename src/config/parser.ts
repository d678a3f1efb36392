/** Reads the text of a setting, or says what it must be. */
export type Parser<Value> = (text: string) => Value | MustBe;

/** Why a text was not accepted: completes the sentence "it must be …". */
export class MustBe {
  readonly what: string;
  constructor(what: string) {
    this.what = what;
  }
}
