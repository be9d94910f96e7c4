import type { OptionChecks } from '../../core/index.js';
import { checkNested, checkOptions, expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { BatchTensors } from '../../step/index.js';
import { noGrad, program } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { createRecurrentState } from './recurrent-state.js';
import { createDynamicStep } from './dynamic.js';
import type { DynamicOptions } from './dynamic.js';
import { buildBatch, iterateWindows } from './score-windows.js';
import type { ScoreWindow, WindowRule } from './score-windows.js';
import { scoreLogits } from './score-logits.js';

/** Settings of {@link scoreTokens}. */
export interface ScoreOptions {
  /** The most tokens a model sees (default: its context length, 256 where it has none). */
  context?: number | undefined;
  /** Tokens predicted a window: fewer give each more context and take longer (default: the context). */
  stride?: number | undefined;
  /** Windows at a time (default: as many as keep the logits below 128 MiB, at most 32). */
  batchSize?: number | undefined;
  /**
   * Carries the state of a recurrent model from window to window, so that each token is predicted from all before it;
   * windows then lie side by side and are read one at a time (default false).
   */
  stateful?: boolean | undefined;
  /** Lets the model learn from what it has scored; its weights are as before in the end. */
  dynamic?: DynamicOptions | undefined;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal | undefined;
}

/** The keys of {@link ScoreOptions}. */
export const scoreKeys: OptionChecks<ScoreOptions> = {
  context: true,
  stride: true,
  batchSize: true,
  stateful: true,
  dynamic: checkNested<DynamicOptions>({ learningRate: true, maxGradNorm: true }),
  signal: true,
};

/** Scores of one sequence. */
export interface TokenScores {
  /** −ln P of each token but the first. */
  losses: Float64Array;
  /** For each of them whether it was the likeliest, 1 or 0. */
  hits: Uint8Array;
}

/** Tokens a model without a limit sees. */
const DEFAULT_CONTEXT = 256;
/** Values of logits held at once. */
const MOST_LOGITS = 2 ** 25;
const MOST_ROWS = 32;
/** Widths of batches are multiples of it, so that few shapes are recorded. */
const GRAIN = 32;

/** The context and stride that options mean for a model. @throws ArgumentError for values out of range */
export function resolveWindowRule(
  model: LanguageModel,
  { context, stride, stateful = false }: ScoreOptions,
): WindowRule {
  const most = model.config.contextLength;
  const length = expectPositiveInteger('score', 'context', context ?? most ?? DEFAULT_CONTEXT);
  expectRange('score', 'context', length, { max: most ?? Infinity });
  const tokens = expectPositiveInteger('score', 'stride', stride ?? length);
  if (stateful && tokens !== length) {
    raise('PAL_ARGUMENT', { where: 'score', expected: 'no stride where it is stateful', received: String(tokens) });
  }
  return { context: length, stride: expectRange('score', 'stride', tokens, { max: length }), sideBySide: stateful };
}

/**
 * Scores every token but the first of each sequence, each exactly once, dropout off. No sequence sees another one.
 *
 * @param sequences - ids; those of fewer than two tokens have nothing to predict
 * @returns scores for each sequence
 * @throws ArgumentError for options out of range
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function scoreTokens(
  model: LanguageModel,
  sequences: readonly ArrayLike<number>[],
  options: ScoreOptions = {},
): Promise<TokenScores[]> {
  checkOptions('scoreTokens', options, scoreKeys);
  const rule = resolveWindowRule(model, options);
  const windows = sequences.flatMap(({ length }, sequence) => [...iterateWindows(sequence, length, rule)]);
  const scores = sequences.map(({ length }) => createScores(Math.max(0, length - 1)));
  using scorer = createScorer(model, options);
  const size = scorer.oneByOne ? 1 : resolveBatchSize(model, rule.context, options);
  for (let at = 0; at < windows.length; at += size) {
    const rows = windows.slice(at, at + size);
    const batch = buildPaddedBatch(model, rows, sequences, options);
    storeScores(scores, await scorer.run(batch, options.signal), rows, batch.shape);
  }
  return scores;
}

/** Scores batches of windows one after another. */
interface Scorer extends Disposable {
  /** True where windows must be read in order, one at a time. */
  oneByOne: boolean;
  /** Losses, then hits of every place of a batch, `[2 · B · T]`. */
  run: (batch: TokenBatch, signal: AbortSignal | undefined) => Promise<Float32Array>;
}

function createScorer(model: LanguageModel, { stateful = false, dynamic }: ScoreOptions): Scorer {
  const state = stateful ? createRecurrentState(model) : undefined;
  const learning = dynamic && createDynamicStep(model, dynamic);
  const context = { training: false, ...(state && { state }) };
  const recorded = program((inputs: Tensor, targets: Tensor) =>
    noGrad(() => scoreLogits(model.forward(inputs, context), targets)),
  );
  return {
    oneByOne: stateful || dynamic !== undefined,
    async run(batch, signal) {
      if (batch.resetState?.includes(true) === true) state?.reset();
      using tensors = new BatchTensors(batch, model.device);
      const scores = await recorded.run(tensors.inputs, tensors.targets, { signal });
      const values = scores.data() as Float32Array;
      scores.dispose();
      await learning?.run(batch);
      return values;
    },
    [Symbol.dispose]() {
      recorded.dispose();
      learning?.[Symbol.dispose]();
      state?.dispose();
    },
  };
}

function createScores(count: number): TokenScores {
  return { losses: new Float64Array(count), hits: new Uint8Array(count) };
}

function resolveBatchSize({ config: { vocabSize } }: LanguageModel, context: number, options: ScoreOptions): number {
  const fitting = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_LOGITS / (context * vocabSize))));
  return expectPositiveInteger('score', 'batchSize', options.batchSize ?? fitting);
}

function buildPaddedBatch(
  model: LanguageModel,
  windows: readonly ScoreWindow[],
  sequences: readonly ArrayLike<number>[],
  { stateful = false }: ScoreOptions,
): TokenBatch {
  const longest = Math.max(...windows.map(({ start, end }) => end - 1 - start));
  // A carried state must not read padding.
  const padded = stateful ? longest : GRAIN * Math.ceil(longest / GRAIN);
  const width = Math.min(padded, model.config.contextLength ?? Infinity);
  return {
    ...buildBatch(windows, sequences, width),
    ...(stateful && { resetState: windows.map(({ from }) => from === 1) }),
  };
}

/** Puts the figures of a batch to the tokens they belong to. */
function storeScores(
  scores: readonly TokenScores[],
  values: Float32Array,
  windows: readonly ScoreWindow[],
  [rows, width]: TokenBatch['shape'],
): void {
  for (const [row, { sequence, start, from, end }] of windows.entries()) {
    const { losses, hits } = scores[sequence]!;
    for (let at = from; at < end; at++) {
      const index = row * width + at - 1 - start;
      losses[at - 1] = values[index]!;
      hits[at - 1] = values[rows * width + index]!;
    }
  }
}
