import { Command } from 'commander';
import { findModel, iff, not, parseFormula, printFormula } from '../../../logic/index.js';
import type { Valuation } from '../../../logic/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';
import { EXIT_STRICT, describeValuation } from './describe.js';

interface Flags extends JsonFlag {
  strict?: boolean;
}

interface Comparison {
  a: string;
  b: string;
  /** null where the search was given up. */
  equivalent: boolean | null;
  /** A valuation under which they differ. */
  difference?: Valuation;
}

/** `palabra logic equivalent A B`. */
export function createEquivalentCommand(output: Output, end: (code: number) => void): Command {
  return new Command('equivalent')
    .description('Tell whether two formulas always have the same value, and where they differ if not.')
    .argument('<a>', 'a formula')
    .argument('<b>', 'another one')
    .option('--strict', 'exit with 2 unless they are equivalent')
    .option('--json', 'print JSON')
    .action((a: string, b: string, flags: Flags) => {
      const comparison = compareFormulas(a, b);
      if (flags.strict === true && comparison.equivalent !== true) end(EXIT_STRICT);
      printResult(output, flags, comparison, describeComparison);
    });
}

function compareFormulas(first: string, second: string): Comparison {
  const [a, b] = [parseFormula(first), parseFormula(second)];
  const names = { a: printFormula(a), b: printFormula(b) };
  const found = findModel(not(iff(a, b)));
  if (found.status === 'found') return { ...names, equivalent: false, difference: found.model };
  return { ...names, equivalent: found.status === 'none' ? true : null };
}

function describeComparison({ a, b, equivalent, difference }: Comparison): string {
  if (equivalent === null) return `${a} and ${b}: unknown, the search was given up`;
  if (difference === undefined) return `${a} and ${b} are equivalent`;
  return `${a} and ${b} differ where ${describeValuation(difference)}`;
}
