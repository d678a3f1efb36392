/** UTC to the second, without a zone, as these wires write it: `2024-01-15T10:31:00`. */
export const naiveUtc = (date: Date): string => date.toISOString().slice(0, 19);

/** The same to the millisecond: `2024-01-15T10:31:00.250`. */
export const naiveUtcMillis = (date: Date): string => date.toISOString().slice(0, 23);
