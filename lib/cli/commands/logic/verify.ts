import { Command } from 'commander';
import { isSentence, parseFormula, printFormula, verifyArgument } from '../../../logic/index.js';
import type { ArgumentFlags, ArgumentVerdict, Formula, RecordAtom } from '../../../logic/index.js';
import { openModel, preprocessText } from '../../inputs/model-folder.js';
import { withInterruption } from '../../interruption.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';
import { EXIT_STRICT, describeValuation } from './describe.js';
import { MODEL, expectModel } from './expect-model.js';

interface Flags extends JsonFlag {
  conclusion: string;
  model: string;
  beams: string;
  strict?: boolean;
}

/** Premises and a conclusion in formulas; of sentences with the clauses of their letters. */
interface ReadArgument {
  premises: Formula[];
  conclusion: Formula;
  atoms?: RecordAtom[];
  cues?: (string | undefined)[];
}

interface VerifiedArgument extends ArgumentVerdict {
  premises: string[];
  conclusion: string;
  atoms?: RecordAtom[];
}

/** `palabra logic verify PREMISE… --conclusion TEXT`. */
export function createArgumentCommand(output: Output, end: (code: number) => void): Command {
  return new Command('verify')
    .description(
      'Tell whether a conclusion follows from premises, name the form or the fallacy, and show countermodels.',
    )
    .argument('<premises...>', 'formulas or Spanish sentences')
    .requiredOption('--conclusion <text>', 'what is drawn from them')
    .option('--model <folder>', 'a model folder or a run folder, for sentences', MODEL)
    .option('--beams <n>', 'hypotheses that grow side by side, for sentences', '4')
    .option('--strict', 'exit with 2 unless it follows')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      "\nExamples: palabra logic verify 'p -> q' q --conclusion p\n" +
        "          palabra logic verify 'Si llueve, me mojo.' 'Me mojo.' --conclusion 'Llueve.'",
    )
    .action(async (texts: string[], flags: Flags) => {
      const { premises, conclusion, atoms, cues } = await readArgument(texts, flags, output);
      const verdict = verifyArgument(premises, conclusion, { cues });
      if (flags.strict === true && verdict.status !== 'valid') end(EXIT_STRICT);
      const names = { premises: premises.map((one) => printFormula(one)), conclusion: printFormula(conclusion) };
      printResult(output, flags, { ...names, ...(atoms && { atoms }), ...verdict }, describeArgument);
    });
}

/** Parses formulas; where any text is a sentence a model is opened. */
async function readArgument(texts: string[], flags: Flags, output: Output): Promise<ReadArgument> {
  const { conclusion, model: folder, beams } = flags;
  if (![...texts, conclusion].some(isSentence))
    return { premises: texts.map(parseFormula), conclusion: parseFormula(conclusion) };
  expectModel('palabra logic verify', folder);
  const { formalizeArgument } = await import('../../../tasks/index.js');
  using opened = await openModel(folder, output);
  const { model, tokenizer } = opened;
  const read = (text: string): string => (isSentence(text) ? preprocessText(opened, text) : text);
  const argument = { premises: texts.map(read), conclusion: read(conclusion) };
  return await withInterruption((signal) =>
    formalizeArgument(argument, { model, tokenizer, beams: Number(beams), signal }),
  );
}

function describeArgument(argument: VerifiedArgument): string {
  const { premises, conclusion, atoms = [], status, form, fallacy, countermodels, flags } = argument;
  const kind = form ?? fallacy;
  const rows: [string, string][] = [
    ...premises.map((premise, index): [string, string] => [`premise ${index + 1}`, premise]),
    ['conclusion', conclusion],
    ...atoms.map(({ letter, gloss }): [string, string] => [letter, gloss]),
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
