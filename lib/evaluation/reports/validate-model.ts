import { checkNested, checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { generateTexts } from '../../generation/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';
import { getText } from '../scoring/document.js';
import { measurePrefixGap } from '../scoring/prefix-gap.js';
import type { PrefixGap } from '../scoring/prefix-gap.js';
import { scoreDocuments, scoreDocumentsKeys } from '../scoring/score-documents.js';
import type { ScoredDocument } from '../scoring/document.js';
import type { ScoreDocumentsOptions } from '../scoring/score-documents.js';
import type { TextScore } from '../scoring/scores.js';
import { describeModel } from './facts.js';
import { judgePerplexity } from './judgement.js';
import { reportGenerations } from './generations.js';
import type { GenerationReport, LossHistory, ValidationCheck, ValidationReport } from './report.js';
import { selectPrompts } from './prompts.js';

/** Settings of {@link validateModel}. */
export interface ValidateModelOptions {
  /** The validation split, by document. */
  validation: readonly ScoredDocument[];
  /** The test split, by document. */
  test?: readonly ScoredDocument[];
  /** The validation perplexity that was written down when the model was stored. */
  stored?: number;
  /** The same perplexity measured anew in the way it was then (default: that of the documents one by one). */
  recomputed?: number;
  /** The run that it came from. */
  history?: LossHistory;
  /** Other checkpoints of the run with their validation perplexity. */
  siblings?: readonly { name: string; perplexity: number }[];
  /** The highest validation perplexity that will do. */
  perplexityGoal?: number;
  /** The highest share of trigrams that may have come before in their text (default 0.3). */
  repetitionGoal?: number;
  prompts?: readonly string[];
  scoring?: ScoreDocumentsOptions;
  seed?: number;
  signal?: AbortSignal;
}

/** The keys of {@link ValidateModelOptions}. */
export const validateModelKeys: OptionChecks<ValidateModelOptions> = {
  validation: true,
  test: true,
  stored: true,
  recomputed: true,
  history: true,
  siblings: true,
  perplexityGoal: true,
  repetitionGoal: true,
  prompts: true,
  scoring: checkNested(scoreDocumentsKeys),
  seed: true,
  signal: true,
};

/** The greatest relative difference of a recomputed perplexity from the stored one: other windows and devices round differently. */
const SAME = 0.02;
/** The greatest relative excess of the validation loss over that of training. */
const GAP = 0.1;
/** Documents among which the longest is read by prefixes. */
const READ_DOCUMENTS = 20;
/** The greatest share by which a perplexity may differ from that of prefixes. */
const PREFIX_GAP = 0.02;
/** Evaluations in a row without a new low that say the run memorized its text. */
const RISING = 3;
/** The greatest relative jump of a training loss above the lowest so far. */
const JUMP = 0.25;

/**
 * Validates a trained model: recomputes its perplexity, lets it write, and goes through a checklist.
 *
 * @param model - as `loadModel` gives it: strictly, with every weight in its place
 * @throws DataError when the splits hold no token to predict
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function validateModel(
  model: LanguageModel,
  tokenizer: Tokenizer,
  options: ValidateModelOptions,
): Promise<ValidationReport> {
  checkOptions('validateModel', options, validateModelKeys);
  const { signal, seed = 0, siblings = [] } = options;
  const prompts = options.prompts ?? selectPrompts([tokenizer], options.validation.map(getText));
  const scoring = { ...options.scoring, signal };
  const validation = await scoreDocuments(model, tokenizer, options.validation, scoring);
  const test = options.test && { test: await scoreDocuments(model, tokenizer, options.test, scoring) };
  const settings = { temperature: 0.8, maxTokens: 60, samples: 1 };
  // The first text of a process pays for what is loaded once; it is not timed.
  await generateTexts(model, tokenizer, prompts.slice(0, 1), { maxTokens: 2, seed });
  const request = { prompts, settings, reference: options.validation.map(getText), seed, signal };
  const generation = await reportGenerations(model, tokenizer, request);
  const checks = [
    ...buildChecklist(validation, generation, options),
    checkPrefixes(await readPrefixGap(model, tokenizer, options)),
  ];
  const facts = describeModel(model, tokenizer);
  const { stored, history } = options;
  return {
    ...{ model: facts, validation, ...test, judgement: judgePerplexity(validation, facts), generation },
    ...{ ...(stored !== undefined && { stored }), ...(history && { history }) },
    siblings: [...siblings].sort((a, b) => a.perplexity - b.perplexity),
    checks,
    passed: checks.every(({ passed }) => passed !== false),
  };
}

function buildChecklist(
  score: TextScore,
  generation: GenerationReport,
  options: ValidateModelOptions,
): ValidationCheck[] {
  const { stored, perplexityGoal, repetitionGoal = 0.3, history } = options;
  const { perplexity } = score;
  const { recomputed = perplexity } = options;
  return [
    createCheck('perplexity as stored', stored, (value) => [
      Math.abs(recomputed - value) <= SAME * value,
      `recomputed ${formatFigure(recomputed)}, stored ${formatFigure(value)}`,
    ]),
    createCheck('perplexity goal', perplexityGoal, (value) => [
      perplexity <= value,
      `${formatFigure(perplexity)}, at most ${formatFigure(value)}`,
    ]),
    ...checkHistory(history),
    createCheck('no unknown tokens', generation.unknownRate, (rate) => [
      rate === 0,
      `${formatPercent(rate)} of the tokens`,
    ]),
    createCheck('repetition', generation.repetition[3], (rate) => [
      rate <= repetitionGoal,
      `${formatPercent(rate)} of the trigrams came before, at most ${formatPercent(repetitionGoal)}`,
    ]),
  ];
}

/** In the longest of the first documents; undefined where none has two tokens. */
async function readPrefixGap(
  model: LanguageModel,
  tokenizer: Tokenizer,
  { validation, signal }: ValidateModelOptions,
): Promise<PrefixGap | undefined> {
  const encode = (document: ScoredDocument): ArrayLike<number> =>
    typeof document === 'string' ? tokenizer.encode(document) : document.ids;
  const texts = validation.slice(0, READ_DOCUMENTS).map(encode);
  const longest = texts.reduce((best, ids) => (ids.length > best.length ? ids : best), texts[0] ?? []);
  return longest.length < 2 ? undefined : await measurePrefixGap(model, longest, { signal });
}

function checkPrefixes(found: PrefixGap | undefined): ValidationCheck {
  return createCheck('no sight of later tokens', found, ({ positions, onePass, byPrefix, gap }) => [
    Math.abs(gap) <= PREFIX_GAP,
    `perplexity of ${positions} tokens ${formatFigure(onePass)} in one pass, ${formatFigure(byPrefix)} from prefixes alone`,
  ]);
}

function checkHistory(history: LossHistory | undefined): ValidationCheck[] {
  return [
    createCheck('gap between training and validation', history, ({ train, validation }) => {
      const [seen, unseen] = [train.at(-1) ?? NaN, validation.at(-1) ?? NaN];
      return [unseen - seen <= GAP * seen, `training ${formatFigure(seen)}, validation ${formatFigure(unseen)} nats`];
    }),
    createCheck('no overfitting', history, ({ validation }) => {
      const lowest = validation.indexOf(Math.min(...validation));
      const since = validation.length - 1 - lowest;
      return [since < RISING, `${since} evaluations since the lowest validation loss`];
    }),
    createCheck('stable convergence', history, ({ train }) => {
      const jump = findLargestJump(train);
      return [jump <= JUMP, `training loss at most ${formatPercent(jump)} above its lowest before`];
    }),
  ];
}

function createCheck<T>(name: string, given: T | undefined, judge: (given: T) => [boolean, string]): ValidationCheck {
  if (given === undefined) return { name, passed: undefined, explanation: 'nothing to compare with' };
  const [passed, explanation] = judge(given);
  return { name, passed, explanation };
}

/** Infinity where a loss is no number. */
function findLargestJump(losses: readonly number[]): number {
  let lowest = Infinity;
  let jump = 0;
  for (const loss of losses) {
    if (!Number.isFinite(loss)) return Infinity;
    jump = Math.max(jump, loss / lowest - 1);
    lowest = Math.min(lowest, loss);
  }
  return jump;
}

function formatFigure(value: number): string {
  return value.toPrecision(5);
}

function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
