import { Command } from 'commander';
import type { Output } from '../../../output.js';
import { createDetectiveDataCommand } from './data.js';
import { createDetectCommand } from './detect.js';
import { createTrainDetectiveCommand } from './train.js';

/** `palabra logic detective`: informal fallacies in Spanish texts. */
export function createDetectiveCommand(output: Output): Command {
  return new Command('detective')
    .description('Informal fallacies of Spanish texts: data, training, detection.')
    .addCommand(createDetectCommand(output))
    .addCommand(createTrainDetectiveCommand(output))
    .addCommand(createDetectiveDataCommand(output));
}
