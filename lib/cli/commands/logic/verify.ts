import { Command } from 'commander';
import { parseFormula, printFormula, verifyArgument } from '../../../logic/index.js';
import type { ArgumentFlags, ArgumentVerdict } from '../../../logic/index.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';
import { EXIT_STRICT, describeValuation } from './describe.js';

interface Flags extends JsonFlag {
  conclusion: string;
  strict?: boolean;
}

interface VerifiedArgument extends ArgumentVerdict {
  premises: string[];
  conclusion: string;
}

/** `palabra logic verify PREMISE… --conclusion FORMULA`. */
export function createArgumentCommand(output: Output, end: (code: number) => void): Command {
  return new Command('verify')
    .description(
      'Tell whether a conclusion follows from premises, name the form or the fallacy, and show countermodels.',
    )
    .argument('<premises...>', 'formulas')
    .requiredOption('--conclusion <formula>', 'what is drawn from them')
    .option('--strict', 'exit with 2 unless it follows')
    .option('--json', 'print JSON')
    .addHelpText('after', "\nExample: palabra logic verify 'p -> q' q --conclusion p")
    .action((texts: string[], flags: Flags) => {
      const premises = texts.map(parseFormula);
      const conclusion = parseFormula(flags.conclusion);
      const verdict = verifyArgument(premises, conclusion);
      if (flags.strict === true && verdict.status !== 'valid') end(EXIT_STRICT);
      const names = { premises: premises.map((one) => printFormula(one)), conclusion: printFormula(conclusion) };
      printResult(output, flags, { ...names, ...verdict }, describeArgument);
    });
}

function describeArgument(argument: VerifiedArgument): string {
  const { premises, conclusion, status, form, fallacy, countermodels, flags } = argument;
  const kind = form ?? fallacy;
  const rows: [string, string][] = [
    ...premises.map((premise, index): [string, string] => [`premise ${index + 1}`, premise]),
    ['conclusion', conclusion],
    ['verdict', describeStatus(status) + (kind === undefined ? '' : `: ${splitWords(kind)}`)],
    ...countermodels.map((model): [string, string] => ['but', describeValuation(model)]),
    ...describeFlags(flags).map((text): [string, string] => ['note', text]),
  ];
  return formatColumns(rows);
}

function describeStatus(status: ArgumentVerdict['status']): string {
  return status === 'formalFallacy' ? 'formal fallacy' : status;
}

/** `modus ponens` for `modusPonens`. */
function splitWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function describeFlags(flags: ArgumentFlags): string[] {
  const { inconsistentPremises, tautologicalConclusion, petitio, unusedPremises } = flags;
  return [
    ...(inconsistentPremises === true ? ['the premises contradict each other'] : []),
    ...(tautologicalConclusion === true ? ['the conclusion holds without any premise'] : []),
    ...(petitio ? ['the conclusion is one of the premises'] : []),
    ...unusedPremises.map((place) => `premise ${place + 1} is not needed`),
  ];
}
