const deepest = 4;

/**
 * An error as the log keeps it: its name, sentence, code, stack, and the same of its causes. What libraries hang on to it is left
 * out: the bytes that a parser choked on are somebody's words.
 */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const because = cause === undefined || depth === deepest ? {} : { cause: describeError(cause, depth + 1) };
  return { type: name, message, ...code, stack, ...because };
}
