import { getAdapterParameters } from '../../../adapters/index.js';
import type { NamedTensors } from '../../../nn/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { AdamW } from '../../../optim/index.js';
import { trainStep } from '../../../step/index.js';
import { manualSeed, noGrad, scope } from '../../../tensor/index.js';
import { InstructionDataset } from '../instruction-dataset.js';
import type { EncodedExample } from '../read-instructions.js';
import type { AnswerScore } from './answer-scores.js';
import { compareScores } from './compare-scores.js';
import type { QualityInputs, ValidationSet } from './quality.js';
import type { FileTrials, LossComparison } from './quality-report.js';
import { scoreExamples } from './score-examples.js';

/** A file that is tried alone. */
export interface TriedFile {
  readonly dataset: string;
  readonly train: readonly EncodedExample[];
}

/** The files that are tried, and how a run trains. */
export interface TrialOptions {
  files: readonly TriedFile[];
  learningRate: number;
  precision: 'float32' | 'bfloat16';
  seed: number;
}

/** The name under which a run lays its adapter on the model. */
const ADAPTER = 'default';
/** Examples of a file that are tried, at most. */
const TRIED = 256;

/**
 * Learns each file of a run alone for a few more updates, and scores the held-out answers of the others: a file that
 * speaks against them shows it, however well all of them are learned together. The adapters are left as they were.
 *
 * @param inputs - the model with the version's adapter, trainable, and the held-out examples of each file
 * @param before - the version's scores
 * @param options - the files, and how a run trains
 * @returns for each file the others before and after; a file of the same examples as one before is left out
 * @throws PalabraError of code PAL_ABORTED when the signal fires, PAL_NON_FINITE when an update diverges
 */
export async function tryFiles(
  inputs: QualityInputs,
  before: ReadonlyMap<string, AnswerScore>,
  options: TrialOptions,
): Promise<FileTrials> {
  const files = findDistinct(options.files);
  const trials: FileTrials = {};
  if (files.length < 2 || inputs.settings.trial === 0) return trials;
  for (const file of files) {
    const others = listOthers(inputs.validation, file);
    if (others.length > 0) trials[file.dataset] = await tryFile(inputs, { file, others, before }, options);
  }
  return trials;
}

/** Of files with the same examples the first. */
function findDistinct(files: readonly TriedFile[]): TriedFile[] {
  const name = ({ train }: TriedFile): string => [...new Set(train.map(({ hash }) => hash))].sort().join();
  const distinct = new Map([...files].reverse().map((file) => [name(file), file]));
  return files.filter((file) => distinct.get(name(file)) === file);
}

/** The held-out examples of other files that are none of its own. */
function listOthers(validation: readonly ValidationSet[], { dataset }: TriedFile): ValidationSet[] {
  const own = new Set(validation.find((set) => set.dataset === dataset)?.examples.map(({ hash }) => hash));
  return validation
    .map((set) => ({ ...set, examples: set.examples.filter(({ hash }) => !own.has(hash)) }))
    .filter(({ examples }) => examples.length > 0);
}

interface Trial {
  file: TriedFile;
  others: readonly ValidationSet[];
  before: ReadonlyMap<string, AnswerScore>;
}

async function tryFile(
  inputs: QualityInputs,
  { file, others, before }: Trial,
  options: TrialOptions,
): Promise<Record<string, LossComparison>> {
  const { model, length, signal } = inputs;
  using _ = preserve(getAdapterParameters(model, ADAPTER));
  await learn(model, packRows(file, inputs, options), { ...options, updates: inputs.settings.trial });
  const examples = others.flatMap((set) => set.examples);
  const after = await scoreExamples(model, examples, { length, signal });
  const compared = others.map(({ dataset, examples: own }) => {
    const hashes = own.map(({ hash }) => hash);
    return [dataset, compareScores(before, after, hashes)] as const;
  });
  return Object.fromEntries(compared.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Rows of the file's examples, again and again. */
function packRows(
  { train }: TriedFile,
  { length, settings }: QualityInputs,
  { seed }: TrialOptions,
): InstructionDataset {
  const distinct = [...new Map(train.map((example) => [example.hash, example])).values()];
  const chosen = distinct.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, TRIED);
  const passes = Array.from({ length: settings.trial }, () => chosen.map((_, i) => i));
  return new InstructionDataset(
    chosen.map(({ encoded }) => encoded),
    { length, passes, seed },
  );
}

/** Updates of a row each. */
async function learn(
  model: LanguageModel,
  rows: InstructionDataset,
  { learningRate, precision, seed, updates }: TrialOptions & { updates: number },
): Promise<void> {
  manualSeed(seed);
  const optimizer = new AdamW([{ parameters: getAdapterParameters(model, ADAPTER) }], { learningRate });
  using step = trainStep({ model, optimizer, precision, maxGradNorm: 1 });
  let made = 0;
  try {
    for (const batch of rows.batches({ batchSize: 1, order: 'sequential' })) {
      if (made++ === updates) break;
      await step.run(batch);
    }
  } finally {
    optimizer.dispose();
  }
}

/** Puts tensors back when it is disposed of. */
function preserve(tensors: NamedTensors): Disposable {
  const held = Object.values(tensors).map((tensor) => {
    return { tensor, copy: noGrad(() => scope(() => tensor.detach().clone()).keep()) };
  });
  return {
    [Symbol.dispose]() {
      noGrad(() => {
        for (const { tensor, copy } of held) {
          tensor.copy_(copy);
          tensor.grad = undefined;
          copy.dispose();
        }
      });
    },
  };
}
