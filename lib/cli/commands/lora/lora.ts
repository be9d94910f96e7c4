import { Command } from 'commander';
import type { Output } from '../../output.js';
import { createDiffCommand } from './diff.js';
import { createListCommand, createStatusCommand, createValidateCommand } from './look.js';
import { createMergeCommand, createUnmergeCommand } from './merge.js';
import { createTrainAdapterCommand } from './train.js';
import { createPruneCommand, createRestoreCommand, createRollbackCommand } from './change.js';

/** `palabra lora`: an adapter that is improved again and again, and the store of its versions. */
export function createLoraCommand(output: Output, end: (code: number) => void): Command {
  const commands = [
    createTrainAdapterCommand(output, end),
    ...[createStatusCommand(output), createListCommand(output), createValidateCommand(output, end)],
    ...[createRestoreCommand(output), createRollbackCommand(output), createPruneCommand(output)],
    ...[createDiffCommand(output), createMergeCommand(output), createUnmergeCommand(output)],
  ];
  const lora = new Command('lora').description(
    'Versions of a LoRA adapter: train, look at them, restore, compare and merge.',
  );
  for (const command of commands) lora.addCommand(command);
  return lora;
}
