import type { ChatTemplate, Tokenizer } from '../../../text/index.js';
import { findDuplicateInstructions } from '../duplicates.js';
import type { InstructionDuplicates } from '../duplicates.js';
import { dividePlan } from '../plan/training-plan.js';
import type { PlanStep, TrainedStep } from '../plan/training-plan.js';
import { formatMalformed, readInstructions } from '../read-instructions.js';
import type { EncodedExample } from '../read-instructions.js';
import { chooseValidation } from '../split-instructions.js';

/** A file of a plan with what was read of it. */
export interface ReadStep {
  readonly step: PlanStep;
  /** `pending`: to be trained. `trained`: it was, in an earlier run. `failed`: it has flaws, and is left out. */
  readonly state: 'pending' | 'trained' | 'failed';
  /** The reason of a failure, with file, line and what is wrong. */
  readonly error: string | undefined;
  /** Records. */
  readonly examples: number;
  readonly train: readonly EncodedExample[];
  readonly validation: readonly EncodedExample[];
}

/** A plan, and what was found in its files. */
export interface ReadPlan {
  readonly steps: readonly ReadStep[];
  /** Over all files. */
  readonly duplicates: InstructionDuplicates;
}

/** What was trained before. */
export interface TrainedBefore {
  history: readonly TrainedStep[];
  /** The hashes of examples, or their beginnings. */
  examples: ReadonlySet<string>;
}

/** Digits of the hash of an example that metadata hold. */
const DIGITS = 16;

/**
 * The name of an example in metadata.
 * @param hash - of the example
 * @returns its first digits
 */
export function shortenHash(hash: string): string {
  return hash.slice(0, DIGITS);
}

/**
 * Reads the files of a plan, finds copies, and holds out validation examples: never one that was trained before, and never
 * one of which a copy is trained.
 *
 * @param steps - of the plan
 * @param before - what was trained before
 * @param options - tokenizer and template of the model, and how much is held out
 * @param options.tokenizer - of the model
 * @param options.template - of the model
 * @param options.validation - the share of each file, in [0, 1)
 * @returns the files in the order of the plan; one with flaws says what they are
 */
export async function readPlan(
  steps: readonly PlanStep[],
  before: TrainedBefore,
  options: { tokenizer: Tokenizer; template: ChatTemplate; validation: number },
): Promise<ReadPlan> {
  const read: { step: PlanStep; examples: EncodedExample[]; error: string | undefined }[] = [];
  for (const step of steps) read.push({ step, ...(await readFileOf(step, options)) });
  const examples = read.flatMap((file) => (file.error === undefined ? file.examples : []));
  const known = new Set(examples.filter(({ hash }) => before.examples.has(shortenHash(hash))).map(({ hash }) => hash));
  const held = chooseValidation(examples, options.validation, known);
  const { trained } = dividePlan(steps, before.history);
  const describe = ({ step, examples: all, error: flaw }: (typeof read)[number]): ReadStep => {
    const own = flaw === undefined ? all : [];
    const train = own.filter(({ hash }) => !held.has(hash));
    const error = flaw ?? (train.length === 0 ? `${step.dataset}: all its examples are held out` : undefined);
    const state = error !== undefined ? 'failed' : trained.includes(step) ? 'trained' : 'pending';
    const validation = own.filter(({ hash }) => held.has(hash));
    return { step, state, error, examples: all.length, train, validation };
  };
  return { steps: read.map(describe), duplicates: findDuplicateInstructions(examples) };
}

async function readFileOf(
  { path, dataset }: PlanStep,
  options: { tokenizer: Tokenizer; template: ChatTemplate },
): Promise<{ examples: EncodedExample[]; error: string | undefined }> {
  const { examples, malformed, malformedCount } = await readInstructions(path, options);
  const flaws = formatMalformed(malformed, malformedCount);
  if (malformedCount > 0) return { examples, error: `${malformedCount} of its records do not fit: ${flaws}` };
  return { examples, error: examples.length === 0 ? `${dataset} holds no record` : undefined };
}
