import { Command } from 'commander';
import type { Output } from '../../output.js';
import { createEquivalentCommand } from './equivalent.js';
import { createSimplifyCommand } from './simplify.js';
import { createTableCommand } from './table.js';
import { createArgumentCommand } from './verify.js';

/** `palabra logic verify|equivalent|simplify|table`: formulas of propositional logic. */
export function createLogicCommand(output: Output, end: (code: number) => void): Command {
  return new Command('logic')
    .description('Propositional logic: arguments, equivalence, short forms and truth tables.')
    .addCommand(createArgumentCommand(output, end))
    .addCommand(createEquivalentCommand(output, end))
    .addCommand(createSimplifyCommand(output))
    .addCommand(createTableCommand(output))
    .addHelpText(
      'after',
      '\nConnectives: ¬ ∧ ∨ → ↔, or ~ & | -> <->; atoms: a lower-case letter and digits, as p or q1.',
    );
}
