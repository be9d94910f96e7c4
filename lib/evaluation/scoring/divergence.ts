import { setImmediate } from 'node:timers/promises';
import { checkOptions, expectPositiveInteger, raise } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { noGrad, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { bootstrapInterval } from '../statistics/bootstrap.js';
import type { Interval } from '../statistics/bootstrap.js';
import { mean } from '../statistics/describe.js';

/** Tokens of a window where nothing else is said. */
const DEFAULT_WINDOW = 256;

/** Settings of {@link measureDivergence}. */
export interface DivergenceOptions {
  /** Tokens that are read together, at most the context (default 256). */
  windowLength?: number;
  /** Called after each window that both have read. */
  onWindow?: (done: number, total: number) => void;
}

/** How far a changed model is from the one it was made from, on tokens of a text. */
export interface Divergence {
  /** Tokens that were predicted. */
  tokens: number;
  /** Perplexity of the model as it was, and as it is. */
  perplexity: { before: number; after: number };
  /** What perplexity has gained, in percent, between the ends of a paired bootstrap over windows. */
  change: Interval;
  /** KL(before ‖ after) in nats a token. */
  divergence: Interval;
  /** The share of tokens at which both hold the same token most likely. */
  agreement: number;
}

/** Means over the tokens of a window. */
interface WindowMeasures {
  before: number;
  after: number;
  divergence: number;
  agreement: number;
}

/**
 * Compares a model with what it was made from, as by rounding its weights: both predict the tokens of windows that follow
 * each other; what is left at the end and fills no window is not read.
 *
 * @param before - the model as it was
 * @param after - the changed one, of the same vocabulary
 * @param ids - of a text, two windows or more
 * @param options - `windowLength` (default 256, or the context where that is shorter), `onWindow`
 * @returns perplexities, their change and the divergence with 95 % intervals, and how often both agree
 * @throws ArgumentError for fewer tokens than two windows
 */
export async function measureDivergence(
  before: LanguageModel,
  after: LanguageModel,
  ids: ArrayLike<number>,
  options: DivergenceOptions = {},
): Promise<Divergence> {
  const where = 'measureDivergence';
  const { windowLength, onWindow } = checkOptions(where, options, { windowLength: true, onWindow: true });
  const { contextLength = Infinity } = before.config;
  const length = expectPositiveInteger(where, 'windowLength', windowLength ?? Math.min(DEFAULT_WINDOW, contextLength));
  const windows = listWindows(where, ids, length);
  const measures: WindowMeasures[] = [];
  for (const window of windows) {
    measures.push(noGrad(() => scope(() => measureWindow(before, after, window))));
    onWindow?.(measures.length, windows.length);
    await setImmediate();
  }
  return summarizeWindows(measures, length);
}

/** Windows of `length + 1` ids, each from the last of the one before. */
function listWindows(where: string, ids: ArrayLike<number>, length: number): number[][] {
  const count = Math.floor((ids.length - 1) / length);
  if (count < 2) {
    raise('PAL_ARGUMENT', {
      where,
      expected: `a text of at least ${2 * length + 1} tokens, two windows of ${length}`,
      received: `${ids.length}`,
      fix: 'Take a longer text, or a smaller windowLength.',
    });
  }
  const all = Array.from(ids);
  return Array.from({ length: count }, (_, i) => all.slice(i * length, (i + 1) * length + 1));
}

function measureWindow(before: LanguageModel, after: LanguageModel, ids: readonly number[]): WindowMeasures {
  const all = tensor([ids], { dtype: 'int64', device: before.device }); // 1 T+1
  const T = ids.length - 1;
  const read = (model: LanguageModel) => model.forward(all.narrow(1, 0, T), { training: false }).logSoftmax(-1); // 1 T V
  const [p, q] = [read(before), read(after)];
  const targets = all.narrow(1, 1, T).unsqueeze(-1);
  const average = (x: Tensor) => x.to('float64').mean().item();
  return {
    before: -average(p.gather(-1, targets)),
    after: -average(q.gather(-1, targets)),
    divergence: average(p.exp().mul(p.sub(q)).sum(-1)),
    agreement: average(p.argmax(-1).eq(q.argmax(-1))),
  };
}

function summarizeWindows(measures: readonly WindowMeasures[], length: number): Divergence {
  const average = (key: keyof WindowMeasures) => mean(measures.map((window) => window[key]));
  const toPercent = (nats: number) => 100 * Math.expm1(nats);
  const gained = bootstrapInterval(measures.map(({ before, after }) => after - before));
  return {
    tokens: measures.length * length,
    perplexity: { before: Math.exp(average('before')), after: Math.exp(average('after')) },
    change: { estimate: toPercent(gained.estimate), low: toPercent(gained.low), high: toPercent(gained.high) },
    divergence: bootstrapInterval(measures.map(({ divergence }) => divergence)),
    agreement: average('agreement'),
  };
}
