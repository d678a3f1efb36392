/** A figure as people read it: three digits that count. @param {number} value */
export function formatValue(value) {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toString();
}

/** What is promised, in words; empty where nothing is. @param {import('../measurements.mjs').Row} row */
export function formatTarget({ most, least, unit }) {
  if (most !== undefined) return `≤ ${formatValue(most)} ${unit}`.trim();
  return least === undefined ? '' : `≥ ${formatValue(least)} ${unit}`.trim();
}

/** Whether what is promised was reached; undefined where nothing is promised. @param {import('../measurements.mjs').Row} row */
export function isMet({ value, most, least }) {
  if (most !== undefined) return value <= most;
  return least === undefined ? undefined : value >= least;
}

/** @param {import('../measurements.mjs').Row} row */
export function formatRow(row) {
  const target = formatTarget(row);
  const figure = `${formatValue(row.value)} ${row.unit}`.trim().padEnd(18);
  return `${row.what.padEnd(58)} ${figure}${target === '' ? '' : ` target ${target}${isMet(row) ? '' : ' (missed)'}`}`;
}
