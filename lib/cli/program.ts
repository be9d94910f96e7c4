import { Command, CommanderError } from 'commander';

import { isPalabraError } from '../core/index.js';
import { readPackageVersion } from '../native/index.js';
import { analyzeCommand } from './commands/analyze.js';
import { buildCommand } from './commands/build.js';
import { chatCommand } from './commands/chat.js';
import { compareCommand } from './commands/compare.js';
import { completionCommand } from './commands/completion.js';
import { diagnoseCommand } from './commands/diagnose.js';
import { doctorCommand } from './commands/doctor.js';
import { evaluateCommand } from './commands/evaluate.js';
import { generateCommand } from './commands/generate.js';
import { inspectCommand } from './commands/inspect.js';
import { libtorchCommand } from './commands/libtorch.js';
import { prepareCommand } from './commands/prepare.js';
import { resumeCommand } from './commands/resume.js';
import { tokenizerCommand } from './commands/tokenizer.js';
import { trainCommand } from './commands/train.js';
import { validateCommand } from './commands/validate.js';
import { verifyCommand } from './commands/verify.js';
import { interruptionCode } from './interruption.js';
import type { Output } from './output.js';
import { completeSettings } from './settings/settings.js';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
const EXIT_CODES = `
Exit codes: 0 done, 1 it failed, 2 the command line was wrong or a strict check found an error,
130 and 143 a signal ended it, after saving.`;

/**
 * Runs `palabra` with the given words.
 *
 * @param words - the command line after the program's name
 * @returns the exit code: 0 done, 1 it failed, 2 the command line was wrong
 */
export async function run(words: readonly string[], output: Output): Promise<number> {
  let exitCode = 0;
  const program = newProgram(output, (code) => (exitCode = code));
  prepare(program, output);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    return report(error, output);
  }
  return exitCode;
}

/** Every command; `end` sets the exit code of one that ends without an error. */
function newProgram(output: Output, end: (code: number) => void): Command {
  const program = new Command('palabra')
    .description('Train, evaluate, fine-tune and serve small language models.')
    .version(readPackageVersion())
    .showHelpAfterError('Run with --help to see what there is.')
    .addHelpText('after', EXIT_CODES);
  const commands = [
    ...[analyzeCommand(output), tokenizerCommand(output), prepareCommand(output)],
    ...[buildCommand(output, end), trainCommand(output, end), resumeCommand(output, end)],
    ...[generateCommand(output), chatCommand(output)],
    ...[evaluateCommand(output, end), validateCommand(output, end), compareCommand(output), verifyCommand(output, end)],
    ...[inspectCommand(output), diagnoseCommand(output, end)],
    ...[libtorchCommand(output), doctorCommand(output, () => end(EXIT_FAILURE))],
    completionCommand(output, () => program),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}

/**
 * Makes a command and those below it throw instead of ending the process, and write where they are told. Options that
 * come from schemas are added to the command that is called.
 */
function prepare(command: Command, output: Output): void {
  command.exitOverride().configureOutput({ writeOut: output.out, writeErr: output.err });
  command.hook('preSubcommand', (_, called) => completeSettings(called));
  for (const child of command.commands) prepare(child.copyInheritedSettings(command), output);
}

/** Commander's own endings: help and version are fine, all others are wrong usage. */
function report(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  const interrupted = interruptionCode(error);
  if (interrupted !== undefined) {
    output.err('stopped\n');
    return interrupted;
  }
  output.err(`${isPalabraError(error) ? error.message : unexpected(error)}\n`);
  return EXIT_FAILURE;
}

function unexpected(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
