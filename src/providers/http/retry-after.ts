/** `Retry-After` as whole seconds from now, of its seconds or its date; undefined when it says neither. Never over an hour. */
export const readRetryAfter = (header: unknown, now: Date): number | undefined => {
  if (typeof header !== 'string' || header === '') return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(header)
    ? Number(header)
    : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.min(Math.max(Math.ceil(seconds), 0), 3600);
};
