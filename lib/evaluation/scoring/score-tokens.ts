import { expectPositiveInteger, expectRange } from '../../core/index.js';
import type { LanguageModel } from '../../models/index.js';
import { noGrad, program } from '../../tensor/index.js';
import type { Program, Tensor } from '../../tensor/index.js';
import { withBatch } from '../batch.js';
import { dynamicStep } from './dynamic.js';
import type { DynamicOptions } from './dynamic.js';
import { batchOf, windowsOf } from './score-windows.js';
import type { ScoreWindow } from './score-windows.js';
import { scored } from './scored.js';

/** How sequences are scored. */
export interface ScoreOptions {
  /** The most tokens a model sees (default: its context length, 256 where it has none). */
  context?: number | undefined;
  /** Tokens predicted a window: fewer give each more context and take longer (default: the context). */
  stride?: number | undefined;
  /** Windows at a time (default: as many as keep the logits below 128 MiB, at most 32). */
  batchSize?: number | undefined;
  /** Lets the model learn from what it has scored; its weights are as before in the end. */
  dynamic?: DynamicOptions | undefined;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal | undefined;
}

/** What a model made of one sequence. */
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
export function windowRule(model: LanguageModel, { context, stride }: ScoreOptions) {
  const most = model.config.contextLength;
  const length = expectPositiveInteger('score', 'context', context ?? most ?? DEFAULT_CONTEXT);
  expectRange('score', 'context', length, { max: most ?? Infinity });
  const step = expectPositiveInteger('score', 'stride', stride ?? length);
  return { context: length, stride: expectRange('score', 'stride', step, { max: length }) };
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
  const rule = windowRule(model, options);
  const windows = sequences.flatMap(({ length }, sequence) => [...windowsOf(sequence, length, rule)]);
  const scores = sequences.map(({ length }) => emptyScores(Math.max(0, length - 1)));
  const size = options.dynamic === undefined ? batchSize(model, rule.context, options) : 1;
  using step = options.dynamic === undefined ? scoring(model) : dynamicStep(model, options.dynamic);
  for (let at = 0; at < windows.length; at += size) {
    await scoreBatch(step.program, model, windows.slice(at, at + size), sequences, { ...options, scores });
  }
  return scores;
}

function emptyScores(count: number): TokenScores {
  return { losses: new Float64Array(count), hits: new Uint8Array(count) };
}

function batchSize({ config: { vocabSize } }: LanguageModel, context: number, options: ScoreOptions): number {
  const fitting = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_LOGITS / (context * vocabSize))));
  return expectPositiveInteger('score', 'batchSize', options.batchSize ?? fitting);
}

function scoring(model: LanguageModel) {
  const recorded = program((inputs: Tensor, targets: Tensor) =>
    noGrad(() => scored(model.forward(inputs, { training: false }), targets)),
  );
  return { program: recorded, [Symbol.dispose]: () => recorded.dispose() };
}

async function scoreBatch(
  step: Program<[Tensor, Tensor], Tensor>,
  model: LanguageModel,
  windows: readonly ScoreWindow[],
  sequences: readonly ArrayLike<number>[],
  { signal, scores }: Pick<ScoreOptions, 'signal'> & { scores: readonly TokenScores[] },
): Promise<void> {
  const longest = Math.max(...windows.map(({ start, end }) => end - 1 - start));
  const width = Math.min(GRAIN * Math.ceil(longest / GRAIN), model.config.contextLength ?? Infinity);
  const rows = batchOf(windows, sequences, width);
  const device = model.parameters()[0]?.device ?? 'cpu';
  const found = await withBatch(rows, (...pair) => step.run(...pair, { signal }), device);
  const values = found.data() as Float32Array;
  found.dispose();
  const places = windows.length * width;
  for (const [row, { sequence, start, from, end }] of windows.entries()) {
    const { losses, hits } = scores[sequence]!;
    for (let at = from; at < end; at++) {
      const place = row * width + at - 1 - start;
      losses[at - 1] = values[place]!;
      hits[at - 1] = values[places + place]!;
    }
  }
}
