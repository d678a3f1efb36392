/** A calculation's end: a number, or why there is none. */
export type Calculation = { value: number } | { problem: 'division-by-zero' | 'too-large' | 'not-real' };

const longestExpression = 200;
const deepestNesting = 40;

/**
 * Works out + - * / ^ % with parentheses, decimals and their English words; `12% of 80` is a share, `10 % 3` a remainder.
 * Undefined when the text is no calculation. Linear in its length, which is bounded; nothing is ever run as code.
 */
export const calculate = (text: string): Calculation | undefined => {
  if (text.length > longestExpression) return undefined;
  const tokens = tokenize(text);
  if (tokens === undefined || !tokens.some((token) => typeof token === 'string' && '+-*/^%'.includes(token)))
    return undefined;
  const parser = new Parser(tokens);
  const value = parser.parse();
  if (value === undefined || parser.operations === 0) return undefined;
  if (parser.dividedByZero) return { problem: 'division-by-zero' };
  if (Number.isNaN(value)) return { problem: 'not-real' };
  return Number.isFinite(value) ? { value } : { problem: 'too-large' };
};

type Token = number | '+' | '-' | '*' | '/' | '^' | '%' | '(' | ')';

/** What may be written for an operator; the longer spelling first. */
const spellings: readonly (readonly [string, readonly Token[]])[] = [
  ['multiplied by', ['*']],
  ['to the power of', ['^']],
  ['divided by', ['/']],
  ['squared', ['^', 2]],
  ['percent', ['%']],
  ['cubed', ['^', 3]],
  ['minus', ['-']],
  ['times', ['*']],
  ['plus', ['+']],
  ['over', ['/']],
  ['mod', ['%']],
  ['**', ['^']],
  ['of', ['*']],
  ['x', ['*']],
  ['²', ['^', 2]],
  ['³', ['^', 3]],
  ['×', ['*']],
  ['·', ['*']],
  ['÷', ['/']],
  ['−', ['-']],
  ['–', ['-']],
  ...(['+', '-', '*', '/', '^', '%', '(', ')'] as const).map((sign) => [sign, [sign]] as const),
];

const tokenize = (text: string): Token[] | undefined => {
  const tokens: Token[] = [];
  for (let index = 0; index < text.length;) {
    if (text.charAt(index) === ' ') {
      index += 1;
      continue;
    }
    const digits = /^(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|^\.\d+/.exec(text.slice(index))?.[0];
    if (digits !== undefined) {
      if (typeof tokens.at(-1) === 'number') return undefined;
      tokens.push(Number(digits.replaceAll(',', '')));
      index += digits.length;
      continue;
    }
    const spelling = spellings.find(([written]) => text.startsWith(written, index));
    if (spelling === undefined) return undefined;
    tokens.push(...spelling[1]);
    index += spelling[0].length;
  }
  return tokens;
};

/** Recursive descent: sums of products of powers. Each method gives undefined where the text is no expression. */
class Parser {
  operations = 0;
  dividedByZero = false;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): number | undefined {
    const value = this.#sum();
    return this.#at === this.#tokens.length ? value : undefined;
  }

  #take(...wanted: readonly Token[]): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || !wanted.includes(token)) return undefined;
    this.#at += 1;
    return token;
  }

  #sum(): number | undefined {
    let value = this.#product();
    for (
      let sign = this.#take('+', '-');
      sign !== undefined && value !== undefined;
      sign = this.#take('+', '-')
    ) {
      const right = this.#product();
      if (right === undefined) return undefined;
      this.operations += 1;
      value = sign === '+' ? value + right : value - right;
    }
    return value;
  }

  #product(): number | undefined {
    let value = this.#signed();
    for (
      let sign = this.#take('*', '/', '%');
      sign !== undefined && value !== undefined;
      sign = this.#take('*', '/', '%')
    ) {
      const right = this.#signed();
      if (right === undefined) return undefined;
      this.operations += 1;
      if (sign !== '*' && right === 0) this.dividedByZero = true;
      value = sign === '*' ? value * right : sign === '/' ? value / right : value % right;
    }
    return value;
  }

  #signed(): number | undefined {
    if (this.#depth >= deepestNesting) return undefined;
    this.#depth += 1;
    const sign = this.#take('+', '-');
    const value = sign === undefined ? this.#power() : this.#signed();
    this.#depth -= 1;
    return sign === '-' && value !== undefined ? -value : value;
  }

  #power(): number | undefined {
    const root = this.#share();
    if (root === undefined || this.#take('^') === undefined) return root;
    const exponent = this.#signed();
    if (exponent === undefined) return undefined;
    this.operations += 1;
    if (root === 0 && exponent < 0) this.dividedByZero = true;
    return root ** exponent;
  }

  /** `12%` at the end of an operand is a share; before another operand it is the remainder's sign. */
  #share(): number | undefined {
    const value = this.#operand();
    const next = this.#tokens[this.#at + 1];
    const isRemainder = typeof next === 'number' || next === '(';
    if (value === undefined || isRemainder || this.#take('%') === undefined) return value;
    this.operations += 1;
    return value / 100;
  }

  #operand(): number | undefined {
    const token = this.#tokens[this.#at];
    if (typeof token === 'number') {
      this.#at += 1;
      return token;
    }
    if (this.#take('(') === undefined) return undefined;
    const value = this.#sum();
    return this.#take(')') === undefined ? undefined : value;
  }
}
