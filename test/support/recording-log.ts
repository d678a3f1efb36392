import type { Log } from '../../src/core/ports.ts';

export type LogLine = { level: keyof Log; fields: Record<string, unknown>; message: string };

export type RecordingLog = Log & {
  lines: LogLine[];
  /** Resolves with the first line whose message holds a text, past or to come. */
  line(text: string): Promise<LogLine>;
};

/** A log that tests can read, and wait for. */
export function createRecordingLog(): RecordingLog {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const record = (level: keyof Log) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, fields, message });
    for (const look of waiting) look();
  };
  return {
    lines,
    info: record('info'),
    warn: record('warn'),
    error: record('error'),
    line: (text) =>
      new Promise((resolve) => {
        const look = () => {
          const found = lines.find(({ message }) => message.includes(text));
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
