import type { Command } from 'commander';
import { type Check, checks, type Finding } from './doctor-checks.ts';
import { loadConfig } from './with-config.ts';
import { sentenceOf } from './sentence-of.ts';

const marks: Record<Finding['verdict'], string> = { ok: 'ok  ', warning: 'warn', problem: 'BAD ' };

/** `parlance doctor`: looks at everything a start needs, changes nothing, and says what to do. Exits with 1 when something is wrong. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check Node, settings, data folder, database, Redis, AI, voice and port, and say what to do')
    .action(async () => {
      let wrong = 0;
      const tell = (name: string, { verdict, says }: Finding) => {
        if (verdict === 'problem') wrong += 1;
        console.log(`${marks[verdict]}  ${name.padEnd(12)}${says}`);
      };
      try {
        const config = loadConfig();
        tell('settings', { verdict: 'ok', says: 'every setting can be read' });
        for (const says of config.notices) tell('settings', { verdict: 'warning', says });
        for (const [name, check] of Object.entries(checks))
          for (const finding of await attempt(() => check(config))) tell(name, finding);
      } catch (thrown) {
        tell('settings', { verdict: 'problem', says: sentenceOf(thrown) });
      }
      if (wrong > 0) process.exitCode = 1;
    });
}

async function attempt(check: () => ReturnType<Check>): Promise<Finding[]> {
  try {
    return [await check()].flat();
  } catch (thrown) {
    return [{ verdict: 'problem', says: sentenceOf(thrown) }];
  }
}
