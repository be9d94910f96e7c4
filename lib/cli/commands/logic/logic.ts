import { Command } from 'commander';
import type { Output } from '../../output.js';
import { createAugmentCommand } from './data/augment.js';
import { createBalanceCommand } from './data/balance.js';
import { createCleanCommand } from './data/clean.js';
import { createDataCommand } from './data/data.js';
import { createVerifyRecordsCommand } from './data/verify-records.js';
import { createSplitCommand } from './data/split.js';
import { createDetectiveCommand } from './detective/detective.js';
import { createEquivalentCommand } from './equivalent.js';
import { createEvaluateLogicCommand } from './evaluate.js';
import { createFormalizeCommand } from './formalize.js';
import { createSelfPlayCommand } from './self-play.js';
import { createSimplifyCommand } from './simplify.js';
import { createTableCommand } from './table.js';
import { createTrainLogicCommand } from './train.js';
import { createArgumentCommand } from './verify.js';

/** `palabra logic`: Spanish sentences as formulas, formulas of propositional logic, and data of both. */
export function createLogicCommand(output: Output, end: (code: number) => void): Command {
  return new Command('logic')
    .description(
      'Propositional logic: Spanish sentences as formulas, arguments, equivalence, truth tables, and data of sentences.',
    )
    .addCommand(createFormalizeCommand(output))
    .addCommand(createEvaluateLogicCommand(output))
    .addCommand(createArgumentCommand(output, end))
    .addCommand(createEquivalentCommand(output, end))
    .addCommand(createSimplifyCommand(output))
    .addCommand(createTableCommand(output))
    .addCommand(createCleanCommand(output))
    .addCommand(createAugmentCommand(output))
    .addCommand(createBalanceCommand(output))
    .addCommand(createSplitCommand(output))
    .addCommand(createTrainLogicCommand(output))
    .addCommand(createDataCommand(output))
    .addCommand(createVerifyRecordsCommand(output))
    .addCommand(createDetectiveCommand(output))
    .addCommand(createSelfPlayCommand(output))
    .addHelpText(
      'after',
      '\nConnectives: ¬ ∧ ∨ → ↔, or ~ & | -> <->; atoms: a lower-case letter and digits, as p or q1.',
    );
}
