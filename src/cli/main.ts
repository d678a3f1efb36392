#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { sentenceOf } from './sentence-of.ts';

/** What can be said, in the order of the help. A command loads only what it works with. */
const commands = new Map<string, () => Promise<(program: Command) => void>>([
  ['serve', async () => (await import('./serve.ts')).addServe],
  ['migrate', async () => (await import('./migrate.ts')).addMigrate],
  ['user', async () => (await import('./user.ts')).addUser],
  ['backup', async () => (await import('./backup.ts')).addBackup],
  ['restore', async () => (await import('./restore.ts')).addRestore],
  ['copy', async () => (await import('./copy.ts')).addCopy],
  ['export', async () => (await import('./export.ts')).addExport],
  ['import', async () => (await import('./import.ts')).addImport],
  ['ai-backend', async () => (await import('./ai-backend.ts')).addAiBackend],
  ['doctor', async () => (await import('./doctor.ts')).addDoctor],
]);

// Whatever is made from here on, the database above all, is for its owner's eyes only.
process.umask(0o077);

const program = new Command('parlance')
  .description('A self-hosted AI chat backend that existing chatbot frontends can point at unchanged.')
  .version(version)
  .showHelpAfterError('Run "parlance --help" for what can be said.')
  .exitOverride();

const aboutAll = ['-h', '--help', '-V', '--version'];
/** What is said of no command is said of `serve`; as its default, Commander would have it answer for words that are none, too. */
const withCommand = (words: readonly string[]): readonly string[] => {
  const [first = '-'] = words;
  return first.startsWith('-') && !aboutAll.includes(first) ? ['serve', ...words] : words;
};

async function run(words: readonly string[]): Promise<void> {
  const [said = ''] = words;
  const command = commands.get(said);
  // The help, and what is wrong, are about all of them.
  const needed = said === '--version' ? [] : command ? [command] : commands.values();
  for (const load of needed) (await load())(program);
  await program.parseAsync(words, { from: 'user' });
}

run(withCommand(process.argv.slice(2))).catch((thrown: unknown) => {
  // Commander has already said what is wrong with the words of the command line.
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode;
  else {
    console.error(`parlance: ${sentenceOf(thrown)}`);
    process.exitCode = 1;
  }
});
