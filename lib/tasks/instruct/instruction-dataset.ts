import { createHash } from 'node:crypto';
import { checkOptions, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { PackedDataset, hashTokens } from '../../data/index.js';
import type { InputSpan, TargetRange } from '../../data/index.js';
import type { EncodedInstruction } from './encode-instruction.js';

/** Options of {@link InstructionDataset}. */
export interface InstructionDatasetOptions {
  /** T, the positions of a row. */
  length: number;
  /** The id of padding. Default: 0. */
  paddingToken?: number;
  /** Several passes that an epoch consists of, each the numbers of its examples (default: one of all, unshuffled). */
  passes?: readonly (readonly number[])[] | undefined;
  /** Draws the order of the rows of each pass. Default: 0. */
  seed?: number | undefined;
}

/** The keys of {@link InstructionDatasetOptions}. */
export const instructionDatasetKeys: OptionChecks<InstructionDatasetOptions> = {
  ...{ length: true, paddingToken: true, passes: true, seed: true },
};

/**
 * Rows of whole examples, packed: each keeps to itself, with positions from 0, and only what the model writes counts.
 * An example longer than a row is cut into rows, none of its tokens is lost.
 */
export class InstructionDataset extends PackedDataset<Uint32Array> {
  /** Examples that are longer than a row. */
  readonly cutExamples: number;
  /** The targets that count, as places of their inputs in the row of all tokens, in rising order. */
  readonly #answers: readonly TargetRange[];
  readonly #targetCount: number;
  readonly #labels: Uint16Array | undefined;
  /** The inputs at which a further document of the same example begins, in the row of all tokens, in rising order. */
  readonly #breaks: readonly number[];
  readonly #passes: string;

  /**
   * Packs examples.
   *
   * @param examples - in tokens, with the spans that the model writes
   * @param options - the length of a row
   * @throws DataError when the model writes nothing in any of them
   */
  constructor(examples: readonly EncodedInstruction[], options: InstructionDatasetOptions) {
    checkOptions('InstructionDataset', options, instructionDatasetKeys);
    super(concatenate(examples), { ...options, strategy: 'best-fit' });
    const targets = listTargets(examples);
    this.#answers = targets.flat();
    this.#labels = joinLabels(examples, this.tokens.length);
    this.#breaks = listBreaks(examples);
    const numbers = options.passes?.flat() ?? targets.map((_, i) => i);
    this.#targetCount = numbers.reduce((sum, example) => sum + countTargets(targets[example]!), 0);
    this.#passes = options.passes === undefined ? '' : JSON.stringify([options.passes, options.seed ?? 0]);
    this.cutExamples = examples.filter(({ ids }) => ids.length - 1 > options.length).length;
    if (this.#answers.length === 0) throwUnsupervised(examples.length);
  }

  override get targetCount(): number {
    return this.#targetCount;
  }

  override toString(): string {
    return `${super.toString()}, ${this.targetCount} of them answers`;
  }

  override async hash(): Promise<string> {
    const spans = this.#answers.map(({ start, end }) => `${start}-${end}`).join();
    return createHash('sha256')
      .update(await hashTokens(this.tokens))
      .update(spans)
      .update(this.#passes)
      .update(this.#labels ?? '')
      .update(this.#breaks.join())
      .digest('hex');
  }

  protected override get labels(): Uint16Array | undefined {
    return this.#labels;
  }

  protected override listBreaks({ start, count }: InputSpan): readonly number[] | undefined {
    if (this.#breaks.length === 0) return undefined;
    const first = findFirst(this.#breaks.length, (i) => this.#breaks[i]! > start);
    const end = findFirst(this.#breaks.length, (i) => this.#breaks[i]! >= start + count);
    return this.#breaks.slice(first, end).map((place) => place - start);
  }

  protected override listCountedTargets({ start, count }: InputSpan): readonly TargetRange[] {
    const ranges: TargetRange[] = [];
    for (let i = this.#findFirst(start); i < this.#answers.length && this.#answers[i]!.start < start + count; i++) {
      const { start: first, end } = this.#answers[i]!;
      ranges.push({ start: Math.max(first, start) - start, end: Math.min(end, start + count) - start });
    }
    return ranges;
  }

  /** The index of the first range that ends behind a place. */
  #findFirst(place: number): number {
    return findFirst(this.#answers.length, (i) => this.#answers[i]!.end > place);
  }
}

/** The first index for which something holds that holds for all behind it too; the count where for none. */
function findFirst(count: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The labels of all tokens; undefined where no example has any. */
function joinLabels(examples: readonly EncodedInstruction[], size: number): Uint16Array | undefined {
  if (examples.every(({ labels }) => labels === undefined)) return undefined;
  const all = new Uint16Array(size);
  let at = 0;
  for (const { ids, labels } of examples) {
    if (labels !== undefined) all.set(labels, at);
    at += ids.length;
  }
  return all;
}

function listBreaks(examples: readonly EncodedInstruction[]): number[] {
  let at = 0;
  return examples.flatMap(({ ids, breaks = [] }) => {
    const first = at;
    at += ids.length;
    return breaks.map((place) => first + place);
  });
}

function concatenate(examples: readonly EncodedInstruction[]): { tokens: Uint32Array; starts: Uint32Array } {
  const tokens = new Uint32Array(examples.reduce((sum, { ids }) => sum + ids.length, 0));
  const starts = new Uint32Array(examples.length);
  let at = 0;
  for (const [i, { ids }] of examples.entries()) {
    tokens.set(ids, at);
    starts[i] = at;
    at += ids.length;
  }
  return { tokens, starts };
}

/** A token is the target of the input before it; the first of an example is none. */
function listTargets(examples: readonly EncodedInstruction[]): TargetRange[][] {
  let at = 0;
  return examples.map(({ ids, answers }) => {
    const first = at;
    at += ids.length;
    return answers
      .map(({ start, end }) => ({ start: first + Math.max(0, start - 1), end: first + end - 1 }))
      .filter(({ start, end }) => end > start);
  });
}

function countTargets(ranges: readonly TargetRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

function throwUnsupervised(examples: number): never {
  raise('PAL_DATA', {
    where: 'InstructionDataset',
    expected: 'examples in which the model writes something',
    received: `${examples} without an answer to learn from`,
    fix: 'Check the roles of the turns and the template.',
  });
}
