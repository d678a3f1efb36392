import { formatTarget, formatValue, isMet } from './format-row.mjs';

const width = 900;
const rowHeight = 26;
const left = 330;
const right = 230;
const longest = 4;

/**
 * A bar for every figure that has a target: 1 is the target, longer is better; bars end at four times the target.
 * @param {readonly import('../measurements.mjs').Row[]} rows
 */
export function drawTargets(rows) {
  const height = 60 + rows.length * rowHeight;
  const unit = (width - left - right) / longest;
  const bars = rows.map((row, index) => {
    const y = 44 + index * rowHeight;
    const share = Math.max(0.02, Math.min(longest, shareOf(row)));
    const colour = isMet(row) ? '#2f855a' : '#c05621';
    const figure = `${formatValue(row.value)} ${row.unit} (${formatTarget(row)})`;
    return (
      `<text x="${left - 10}" y="${y + 13}" text-anchor="end">${escape(row.what)}</text>` +
      `<rect x="${left}" y="${y}" width="${(share * unit).toFixed(1)}" height="17" fill="${colour}"/>` +
      `<text x="${left + share * unit + 6}" y="${y + 13}" class="figure">${escape(figure)}</text>`
    );
  });
  const line = left + unit;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Measured figures against their targets">
<style>text { font: 12px system-ui, sans-serif; fill: #2d3748 } .title { font-size: 14px; font-weight: 600 } .figure { fill: #4a5568; paint-order: stroke; stroke: #ffffff; stroke-width: 5px }</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${left}" y="20" class="title">Measured against the targets (longer is better)</text>
<line x1="${line}" y1="42" x2="${line}" y2="${height - 8}" stroke="#1a202c" stroke-dasharray="4 3"/>
${bars.join('\n')}
<text x="${line}" y="38" text-anchor="middle">target</text>
</svg>
`;
}

/** How often the target is reached: 2 is twice as good. */
function shareOf({ value, most, least }) {
  if (most === undefined) return value / (least ?? value);
  return value <= 0 ? longest : most / value;
}

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
