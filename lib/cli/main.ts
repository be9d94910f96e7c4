#!/usr/bin/env node
import { Command, CommanderError } from 'commander';

import { isPalabraError } from '../core/index.js';
import { packageVersion } from '../native/index.js';
import { doctorCommand } from './doctor.js';
import { libtorchCommand } from './libtorch.js';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

const program = new Command('palabra')
  .description('Train, evaluate, fine-tune and serve small language models.')
  .version(packageVersion())
  .showHelpAfterError('Run with --help to see what there is.')
  .addHelpText('after', '\nExit codes: 0 done, 1 it failed, 2 the command line was wrong.');

for (const command of [libtorchCommand(), doctorCommand()]) program.addCommand(command.copyInheritedSettings(program));

/** Commander's own endings: help and version are fine, all others are wrong usage. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  process.stderr.write(`${isPalabraError(error) ? error.message : showUnexpected(error)}\n`);
  return EXIT_FAILURE;
}

function showUnexpected(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}

function throwOnExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwOnExit);
}

throwOnExit(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
