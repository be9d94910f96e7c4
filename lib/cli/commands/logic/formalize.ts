import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { raise, throwFileError } from '../../../core/index.js';
import { openModel, preprocessText } from '../../inputs/model-folder.js';
import { readStandardInput } from '../../inputs/standard-input.js';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { MODEL, expectModel } from './expect-model.js';

interface Flags extends JsonFlag {
  model: string;
  file?: string;
  beams: string;
  glossWords: 'sentence' | 'any';
  free?: boolean;
}

/** What is printed of a sentence. */
interface Formalized {
  input: string;
  formula: string | undefined;
  formulaAscii: string | undefined;
  atoms: readonly { letter: string; gloss: string }[];
  connectors: readonly { symbol: string; cue: string }[];
}

/** `palabra logic formalize TEXT…`. */
export function createFormalizeCommand(output: Output): Command {
  return new Command('formalize')
    .description(
      'Write Spanish sentences as formulas, with the clauses of their letters and the words of their connectives.',
    )
    .argument('[texts...]', 'sentences; lines of standard input without any')
    .option('--model <folder>', 'a model folder or a run folder', MODEL)
    .option('--file <path>', 'sentences, one a line')
    .option('--beams <n>', 'hypotheses that grow side by side', '4')
    .addOption(
      new Option('--gloss-words <kind>', 'words of clauses: those of the sentence, in other forms too, or any')
        .choices(['sentence', 'any'])
        .default('sentence'),
    )
    .option('--free', 'let the model write what it will: there may be no formula')
    .option('--json', 'print JSON')
    .addHelpText('after', "\nExample: palabra logic formalize 'Si llueve y no llevo paraguas, entonces me mojo'")
    .action(async (texts: string[], flags: Flags) => {
      const sentences = await readSentences(texts, flags.file);
      const found = await formalizeWith(flags, sentences, output);
      printResult(output, flags, found, describe);
    });
}

async function formalizeWith(flags: Flags, sentences: readonly string[], output: Output): Promise<Formalized[]> {
  expectModel('palabra logic formalize', flags.model);
  const { formalize } = await import('../../../tasks/index.js');
  using opened = await openModel(flags.model, output);
  const { model, tokenizer } = opened;
  const { beams, glossWords, free = false } = flags;
  const options = { model, tokenizer, beams: Number(beams), glossWords, constrained: !free };
  const texts = sentences.map((sentence) => preprocessText(opened, sentence));
  const found = await withInterruption((signal) => formalize(texts, { ...options, signal }));
  // For programs formulas are texts, not trees.
  return found.map(({ ast: _ast, ...sentence }) => sentence);
}

/** The sentences of the command line, or the lines of a file or of standard input. */
async function readSentences(texts: readonly string[], path: string | undefined): Promise<readonly string[]> {
  if (texts.length > 0 && path === undefined) return texts;
  const text = path === undefined ? await readStandardInput() : await readText(path);
  const sentences = [...texts, ...text.split(/\r?\n/u).filter((line) => line.trim() !== '')];
  if (sentences.length > 0) return sentences;
  return raise('PAL_DATA', { where: 'palabra logic formalize', expected: 'a sentence', received: 'none' });
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((error: unknown) => throwFileError('--file', path, error));
}

function describe(found: readonly Formalized[]): string {
  if (found.length === 1) return describeSentence(found[0]!);
  return found.map((sentence) => `${sentence.input}\n${describeSentence(sentence)}`).join('\n\n');
}

function describeSentence({ formula, formulaAscii, atoms, connectors }: Formalized): string {
  const rows = [
    ...atoms.map(({ letter, gloss }): [string, string] => [letter, gloss]),
    ...connectors.map(({ symbol, cue }): [string, string] => [symbol, cue]),
  ];
  const lines = formula === undefined ? ['no formula'] : [formula, formulaAscii!];
  return [...lines, ...(rows.length === 0 ? [] : [formatColumns(rows)])].join('\n');
}
