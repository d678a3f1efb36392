import type { MoveProgress } from '../storage/moving/copying.ts';

const shownEveryMs = 200;
const toldEveryMs = 10_000;

type Output = { isTTY?: boolean | undefined; write(text: string): unknown };

/** Tells on standard error how far a move is: one line that changes on a terminal, else a line now and then. */
export function showProgress(
  verb: string,
  output: Output = process.stderr,
  now: () => number = () => performance.now(),
): MoveProgress & { end(): void } {
  const startedAt = now();
  const onTerminal = output.isTTY === true;
  let [total, done, toldAt] = [0, 0, startedAt];
  const line = (what: string) => {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    return `${verb} ${what}: ${percent} %, ${seconds()} s`;
  };
  const seconds = () => ((now() - startedAt) / 1_000).toFixed(onTerminal ? 1 : 0);
  return {
    begin: (rows) => (total = rows),
    rows(table, count) {
      done = Math.min(total, done + count);
      if (now() - toldAt < (onTerminal ? shownEveryMs : toldEveryMs)) return;
      toldAt = now();
      output.write(onTerminal ? `\r${line(table)}\u001b[K` : `${line(table)}\n`);
    },
    end() {
      if (onTerminal) output.write('\r\u001b[K');
    },
  };
}
