import { basename } from 'node:path';
import { checkOptions, expectOneOf, expectRange, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { MalformedLine } from '../../data/index.js';
import type { ChatTemplate, Tokenizer } from '../../text/index.js';
import { findDuplicateInstructions } from './duplicates.js';
import type { InstructionDuplicates } from './duplicates.js';
import { createPlainTemplate } from './encode-instruction.js';
import { InstructionDataset } from './instruction-dataset.js';
import { formatMalformed, readInstructions } from './read-instructions.js';
import type { EncodedExample, ReadInstructions } from './read-instructions.js';
import { chooseValidation } from './split-instructions.js';

/** Options of {@link openInstructions}. */
export interface InstructionOptions {
  tokenizer: Tokenizer;
  /** Of the model (default: {@link createPlainTemplate}). */
  template?: ChatTemplate | undefined;
  /** T, the positions of a row. */
  length: number;
  /** The share of each file that validates, in [0, 1) (default 0.05; at least four examples, at most half). */
  validation?: number;
  /** `error` (default): a record that does not fit ends the reading, with a list of all. `report`: it is left out. */
  onMalformed?: 'error' | 'report';
  /** The start of relative patterns (default: the working directory). */
  directory?: string;
}

/** The keys of {@link InstructionOptions}. */
export const instructionKeys: OptionChecks<InstructionOptions> = {
  ...{ tokenizer: true, template: true, length: true, validation: true, onMalformed: true, directory: true },
};

/** Examples of some files, ready to train on. */
export interface Instructions {
  train: InstructionDataset;
  /** The held-out examples of each file by its name, for the validation sets of a `Trainer`. */
  validation: Record<string, InstructionDataset>;
  /** Of the examples; stored with the model. */
  template: ChatTemplate;
  files: InstructionFile[];
  duplicates: InstructionDuplicates;
  /** Records that do not fit. */
  malformed: MalformedLine[];
}

/** What one file holds. */
export interface InstructionFile {
  path: string;
  train: number;
  validation: number;
}

/**
 * Reads files of instructions in JSON Lines and packs them for training: each record a conversation or a text, of which
 * the model learns what it is to write.
 *
 * @param patterns - paths or patterns with `*`, `?`, `[a-z]`, `{a,b}` and `**`
 * @param options - tokenizer and template of the model, the length of a row, and what is held out
 * @returns the training set, a validation set a file, and what was found of copies and flaws
 * @throws DataError for records that do not fit, by file and line, and files without one
 * @throws ArgumentError for options out of range
 * @example
 * const { train, validation } = await openInstructions('data/*.jsonl', { tokenizer, template: chatTemplate, length: 512 });
 */
export async function openInstructions(
  patterns: string | readonly string[],
  options: InstructionOptions,
): Promise<Instructions> {
  const { tokenizer, length } = checkOptions('openInstructions', options, instructionKeys);
  const template = options.template ?? createPlainTemplate(tokenizer);
  const share = expectRange('openInstructions', 'validation', options.validation ?? 0.05, { min: 0, below: 1 });
  const { examples, malformed } = await openExamples(patterns, options, template);
  const chosen = chooseValidation(examples, share);
  const paths = [...new Set(examples.map(({ path }) => path))];
  const held = (path: string): EncodedExample[] =>
    examples.filter((example) => example.path === path && chosen.has(example.hash));
  const pack = (some: readonly EncodedExample[]): InstructionDataset =>
    new InstructionDataset(
      some.map(({ encoded }) => encoded),
      { length },
    );
  const train = examples.filter(({ hash }) => !chosen.has(hash));
  const validated = paths.filter((path) => held(path).length > 0);
  return {
    train: pack(train),
    validation: Object.fromEntries(validated.map((path) => [nameFile(path, paths), pack(held(path))])),
    template,
    files: paths.map((path) => {
      const all = examples.filter((example) => example.path === path).length;
      return { path, train: all - held(path).length, validation: held(path).length };
    }),
    duplicates: findDuplicateInstructions(examples),
    malformed,
  };
}

/** All examples of the files; what does not fit is told together, at the end. */
async function openExamples(
  patterns: string | readonly string[],
  { tokenizer, onMalformed = 'error', directory }: InstructionOptions,
  template: ChatTemplate,
): Promise<Omit<ReadInstructions, 'paths'>> {
  expectOneOf('openInstructions', 'onMalformed', onMalformed, ['error', 'report']);
  const read = await readInstructions(patterns, { tokenizer, template, directory });
  if (read.malformedCount > 0 && onMalformed === 'error') throwMalformed(read.malformed, read.malformedCount);
  return read.examples.length > 0 ? read : throwEmpty(read.paths);
}

/** The name of a file, with folders where others are called the same. */
function nameFile(path: string, paths: readonly string[]): string {
  const name = basename(path);
  return paths.filter((other) => basename(other) === name).length > 1 ? path : name;
}

function throwMalformed(malformed: readonly MalformedLine[], count: number): never {
  raise('PAL_DATA', {
    where: 'openInstructions',
    expected: 'records of a known form',
    received: `${count} others: ${formatMalformed(malformed, count)}`,
    fix: "Mend them, or pass onMalformed: 'report' to leave them out.",
    details: { malformed },
  });
}

function throwEmpty(paths: readonly string[]): never {
  raise('PAL_DATA', { where: 'openInstructions', expected: 'records', received: `none in ${paths.join(', ')}` });
}
