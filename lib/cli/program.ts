import { Command, CommanderError } from 'commander';

import { isPalabraError } from '../core/index.js';
import { packageVersion } from '../native/index.js';
import { doctorCommand } from './doctor.js';
import { libtorchCommand } from './libtorch.js';
import type { Output } from './output.js';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;

/**
 * Runs `palabra` with the given words.
 *
 * @param words - the command line after the program's name
 * @returns the exit code: 0 done, 1 it failed, 2 the command line was wrong
 */
export async function run(words: readonly string[], output: Output): Promise<number> {
  let exitCode = 0;
  const fail = (): number => (exitCode = EXIT_FAILURE);
  const program = new Command('palabra')
    .description('Train, evaluate, fine-tune and serve small language models.')
    .version(packageVersion())
    .showHelpAfterError('Run with --help to see what there is.')
    .addHelpText('after', '\nExit codes: 0 done, 1 it failed, 2 the command line was wrong.')
    .addCommand(libtorchCommand(output))
    .addCommand(doctorCommand(output, fail));
  prepare(program, output);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    return report(error, output);
  }
  return exitCode;
}

/** Makes a command and those below it throw instead of ending the process, and write where they are told. */
function prepare(command: Command, output: Output): void {
  command.exitOverride().configureOutput({ writeOut: output.out, writeErr: output.err });
  for (const child of command.commands) prepare(child.copyInheritedSettings(command), output);
}

/** Commander's own endings: help and version are fine, all others are wrong usage. */
function report(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  output.err(`${isPalabraError(error) ? error.message : unexpected(error)}\n`);
  return EXIT_FAILURE;
}

function unexpected(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
