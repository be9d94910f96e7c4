import { Command, CommanderError } from 'commander';

import { isPalabraError } from '../core/index.js';
import { readPackageVersion } from '../native/index.js';
import { createAnalyzeCommand } from './commands/data/analyze.js';
import { createBuildCommand } from './commands/models/build.js';
import { createChatCommand } from './commands/models/chat.js';
import { createCompareCommand } from './commands/evaluation/compare.js';
import { createCompletionCommand } from './commands/completion.js';
import { createDiagnoseCommand } from './commands/training/diagnose.js';
import { createDoctorCommand } from './commands/doctor.js';
import { createEvaluateCommand } from './commands/evaluation/evaluate.js';
import { createGenerateCommand } from './commands/models/generate.js';
import { createImportCommand } from './commands/models/import.js';
import { createQuantizeCommand } from './commands/models/quantize.js';
import { createInspectCommand } from './commands/models/inspect.js';
import { createLibtorchCommand } from './commands/libtorch.js';
import { createLogicCommand } from './commands/logic/logic.js';
import { createLoraCommand } from './commands/lora/lora.js';
import { createPrepareCommand } from './commands/data/prepare.js';
import { createResumeCommand } from './commands/training/resume.js';
import { createAblateCommand } from './commands/experiments/ablate.js';
import { createSweepCommand } from './commands/experiments/sweep.js';
import { createTokenizerCommand } from './commands/data/tokenizer.js';
import { createTrainCommand } from './commands/training/train.js';
import { createValidateCommand } from './commands/evaluation/validate.js';
import { createVerifyCommand } from './commands/evaluation/verify.js';
import { IMPORT_FLAG, importModules } from './import-modules.js';
import { getInterruptionCode } from './interruption.js';
import type { Output } from './output.js';
import { completeSettings, importConfigured } from './settings/settings.js';

const EXIT_FAILURE = 1;
const EXIT_USAGE = 2;
const EXIT_CODES = `
Exit codes: 0 done, 1 it failed, 2 the command line was wrong or a strict check found an error,
129, 130 and 143 a signal ended it, after saving.`;

/**
 * Runs `palabra` with the given words.
 *
 * @param words - the command line after the program's name
 * @returns the exit code: 0 done, 1 it failed, 2 the command line was wrong
 */
export async function executeCli(words: readonly string[], output: Output): Promise<number> {
  let exitCode = 0;
  const program = createProgram(output, (code) => (exitCode = code));
  configureCommand(program, output);
  try {
    await program.parseAsync(await importModules(words), { from: 'user' });
  } catch (error) {
    return reportError(error, output);
  }
  return exitCode;
}

/** Every command; `end` sets the exit code of one that ends without an error. */
function createProgram(output: Output, end: (code: number) => void): Command {
  const program = new Command('palabra')
    .description('Train, evaluate, fine-tune and serve small language models.')
    .version(readPackageVersion())
    .option(`${IMPORT_FLAG} <file>`, 'run an ES module first, as one that calls registerModel; anywhere, several times')
    .showHelpAfterError('Run with --help to see what there is.')
    .addHelpText('after', EXIT_CODES);
  const commands = [
    ...[createAnalyzeCommand(output), createTokenizerCommand(output), createPrepareCommand(output)],
    ...[createBuildCommand(output, end), createTrainCommand(output, end), createResumeCommand(output, end)],
    ...[createGenerateCommand(output), createChatCommand(output)],
    ...[
      createEvaluateCommand(output, end),
      createValidateCommand(output, end),
      createCompareCommand(output),
      createVerifyCommand(output, end),
    ],
    ...[createImportCommand(output), createQuantizeCommand(output)],
    ...[createInspectCommand(output), createDiagnoseCommand(output, end)],
    ...[createSweepCommand(output, end, executeCli), createAblateCommand(output, end, executeCli)],
    createLogicCommand(output, end),
    createLoraCommand(output, end),
    ...[createLibtorchCommand(output), createDoctorCommand(output, () => end(EXIT_FAILURE))],
    createCompletionCommand(output, () => program),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}

/**
 * Makes a command and those below it throw instead of ending the process, and write where they are told. Options that
 * come from schemas are added to the command that is called.
 */
function configureCommand(command: Command, output: Output): void {
  command.exitOverride().configureOutput({ writeOut: output.out, writeErr: output.err });
  command.hook('preSubcommand', async (caller, called) => {
    await importConfigured(called, caller.args);
    completeSettings(called);
  });
  for (const child of command.commands) configureCommand(child.copyInheritedSettings(command), output);
}

/** Commander's own endings: help and version are fine, all others are wrong usage. */
function reportError(error: unknown, output: Output): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  const interrupted = getInterruptionCode(error);
  if (interrupted !== undefined) {
    output.err('stopped\n');
    return interrupted;
  }
  output.err(`${isPalabraError(error) ? error.message : formatUnexpected(error)}\n`);
  return EXIT_FAILURE;
}

function formatUnexpected(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
