#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { version } from '../version.ts';
import { addAiBackend } from './ai-backend.ts';
import { addBackup } from './backup.ts';
import { addCopy } from './copy.ts';
import { addDoctor } from './doctor.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addMigrate } from './migrate.ts';
import { addRestore } from './restore.ts';
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
addBackup(program);
addRestore(program);
addCopy(program);
addExport(program);
addImport(program);
addAiBackend(program);
addDoctor(program);

program.parseAsync().catch((thrown: unknown) => {
  // Commander has already said what is wrong with the words of the command line.
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode;
  else {
    console.error(`parlance: ${sentenceOf(thrown)}`);
    process.exitCode = 1;
  }
});
