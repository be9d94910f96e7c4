import { Command } from 'commander';
import { parseFormula, printFormula, simplify } from '../../../logic/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';

/** `palabra logic simplify FORMULA`. */
export function createSimplifyCommand(output: Output): Command {
  return new Command('simplify')
    .description('Print a short formula that is equivalent.')
    .argument('<formula>', 'a formula')
    .option('--json', 'print JSON')
    .action((text: string, flags: JsonFlag) => {
      const formula = parseFormula(text);
      const simple = simplify(formula);
      const found = {
        formula: printFormula(formula),
        simplified: printFormula(simple),
        simplifiedAscii: printFormula(simple, 'ascii'),
      };
      printResult(output, flags, found, ({ simplified }) => simplified);
    });
}
