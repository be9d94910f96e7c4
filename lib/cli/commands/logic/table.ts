import { Command } from 'commander';
import { raise } from '../../../core/index.js';
import {
  buildTruthTable,
  countTrueRows,
  parseFormula,
  printFormula,
  readRow,
  readValuation,
} from '../../../logic/index.js';
import type { TruthTable } from '../../../logic/index.js';
import { formatTable } from '../../../pictures/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';

/** Atoms up to which the rows are printed. */
const MOST_PRINTED = 12;

/** `palabra logic table FORMULA`. */
export function createTableCommand(output: Output): Command {
  return new Command('table')
    .description(`Print the truth table of a formula, up to ${MOST_PRINTED} atoms.`)
    .argument('<formula>', 'a formula')
    .option('--json', 'print JSON')
    .action((text: string, flags: JsonFlag) => {
      const formula = parseFormula(text);
      const table = buildTruthTable(formula);
      if (table.atoms.length > MOST_PRINTED) refuseSize(table.atoms.length);
      const value = { formula: printFormula(formula), atoms: table.atoms, rows: listTableRows(table) };
      printResult(output, flags, value, () => describeTable(value.formula, table));
    });
}

function listTableRows(table: TruthTable): { valuation: Record<string, boolean>; value: boolean }[] {
  return Array.from({ length: table.rows }, (_, row) => ({
    valuation: readValuation(table, row),
    value: readRow(table, row),
  }));
}

function describeTable(name: string, table: TruthTable): string {
  const rows = listTableRows(table).map(({ valuation, value }) => [
    ...table.atoms.map((letter) => Number(valuation[letter])),
    Number(value),
  ]);
  const verdict = `true in ${countTrueRows(table)} of ${table.rows} rows`;
  return `${formatTable({ columns: [...table.atoms, name], rows })}\n${verdict}`;
}

function refuseSize(received: number): never {
  raise('PAL_ARGUMENT', {
    where: 'palabra logic table',
    expected: `at most ${MOST_PRINTED} atoms`,
    received: String(received),
    fix: 'buildTruthTable of palabra/logic makes tables of up to 20.',
  });
}
