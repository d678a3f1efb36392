#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addAiBackend } from './ai-backend.ts';
import { addDoctor } from './doctor.ts';
import { addMigrate } from './migrate.ts';
import { addServe } from './serve.ts';
import { sentenceOf } from './sentence-of.ts';
import { addUser } from './user.ts';

// Whatever is made from here on, the database above all, is for its owner's eyes only.
process.umask(0o077);

const program = new Command('parlance')
  .description('A self-hosted AI chat backend that existing chatbot frontends can point at unchanged.')
  .version(version)
  .showHelpAfterError('Run "parlance --help" for what can be said.')
  .exitOverride();

addServe(program);
addMigrate(program);
addUser(program);
addAiBackend(program);
addDoctor(program);

try {
  await program.parseAsync();
} catch (thrown) {
  // Commander has already said what is wrong with the words of the command line.
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode;
  else {
    console.error(`parlance: ${sentenceOf(thrown)}`);
    process.exitCode = 1;
  }
}
