import { median } from './quantile.mjs';

/**
 * Measures one subject after the other, and all of them several times, so that all see the same machine.
 * @template Subject @template {Record<string, number>} Figures
 * @param {readonly Subject[]} subjects @param {number} rounds @param {(subject: Subject, round: number) => Promise<Figures>} measure
 * @returns {Promise<Figures[]>} the medians of each subject
 */
export async function inTurns(subjects, rounds, measure) {
  const taken = subjects.map(() => /** @type {Figures[]} */ ([]));
  for (let round = 0; round < rounds; round += 1)
    for (const [index, subject] of subjects.entries()) taken[index]?.push(await measure(subject, round));
  return taken.map((figures) => {
    const medians = Object.keys(figures[0] ?? {}).map((name) => [
      name,
      median(figures.map((one) => one[name] ?? Number.NaN)),
    ]);
    return Object.fromEntries(medians);
  });
}
