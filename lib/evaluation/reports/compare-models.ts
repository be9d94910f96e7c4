import { completionKeys } from './completion-bleu.js';
import { scoreDocumentsKeys } from '../scoring/score-documents.js';
import type { OptionChecks } from '../../core/index.js';
import { checkNested, checkOptions, raise } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';
import { getText } from '../scoring/document.js';
import type { ScoredDocument } from '../scoring/document.js';
import type { TextScore } from '../scoring/scores.js';
import { bootstrapInterval } from '../statistics/bootstrap.js';
import { cohenDPaired, pairedTTest } from '../statistics/compare-means.js';
import { holm } from '../statistics/corrections.js';
import { wilcoxonTest } from '../statistics/wilcoxon.js';
import { evaluateModel } from './evaluate-model.js';
import type { EvaluateModelOptions, EvaluationMetric } from './evaluate-model.js';
import type { Comparison, ComparisonRow, ModelPair, ModelReport } from './report.js';
import { selectPrompts } from './prompts.js';

/** One of the models to compare. */
export interface ComparedModel {
  name: string;
  model: LanguageModel;
  tokenizer: Tokenizer;
  /** Epochs or steps it was trained for, where that is known. */
  epoch?: number;
}

/** Settings of {@link compareModels}. */
export interface CompareModelsOptions extends Omit<EvaluateModelOptions, 'goals' | 'documents'> {
  /** Text no model has seen: at least two documents, or one text that is cut into blocks of about 4,000 characters. */
  documents: readonly ScoredDocument[] | string;
}

/** The keys of {@link CompareModelsOptions}. */
export const compareModelsKeys: OptionChecks<CompareModelsOptions> = {
  seed: true,
  metrics: true,
  textMetrics: true,
  prompts: true,
  settings: true,
  scoring: checkNested(scoreDocumentsKeys),
  completions: checkNested(completionKeys),
  signal: true,
  documents: true,
};

/** Characters of a block of a text that comes as one. */
const BLOCK = 4000;

/**
 * Compares models on the same documents, pair by pair: the difference in bits a byte is measured on each document,
 * so that models with different tokenizers can be compared too.
 * @throws ArgumentError for fewer than two models or two with the same name
 * @throws DataError for fewer than two documents
 */
export async function compareModels(
  models: readonly ComparedModel[],
  options: CompareModelsOptions,
): Promise<Comparison> {
  checkOptions('compareModels', options, compareModelsKeys);
  expectModels(models);
  const documents = typeof options.documents === 'string' ? splitTextBlocks(options.documents) : options.documents;
  if (documents.length < 2) {
    const received = String(documents.length);
    raise('PAL_DATA', { where: 'compareModels', expected: 'at least two documents', received });
  }
  const wanted: readonly EvaluationMetric[] = options.metrics ?? ['perplexity', 'bleu', 'generation'];
  const metrics = [...new Set<EvaluationMetric>(['perplexity', ...wanted])];
  const tokenizers = models.map(({ tokenizer }) => tokenizer);
  const prompts = options.prompts ?? selectPrompts(tokenizers, documents.map(getText));
  const rows: ComparisonRow[] = [];
  for (const { name, model, tokenizer, epoch } of models) {
    const report = await evaluateModel(model, tokenizer, { ...options, prompts, documents, metrics });
    rows.push(createRow(name, epoch, report, rows[0]?.report ?? report));
  }
  return { models: rows, pairs: comparePairs(rows), documents: documents.length };
}

/** A text cut at line ends, or where there are none at white space, into blocks of about as many characters. */
export function splitTextBlocks(text: string, characters = BLOCK): string[] {
  const blocks: string[] = [];
  let block = '';
  for (const line of text.split(/(?<=\n)|(?<=\s)(?=\S{200})/u)) {
    block += line;
    if (block.length < characters) continue;
    blocks.push(block);
    block = '';
  }
  // A rest that is too short to count by itself stays with the last block.
  if (block.length > characters / 2 || blocks.length === 0) return [...blocks, block];
  return [...blocks.slice(0, -1), blocks.at(-1)! + block];
}

function createRow(name: string, epoch: number | undefined, report: ModelReport, first: ModelReport): ComparisonRow {
  const { perplexity, bitsPerByte } = report.scores!;
  const improvement = 100 * (1 - bitsPerByte / first.scores!.bitsPerByte);
  return { name, epoch, report, improvement, efficiency: 1 / perplexity / (report.model.parameters / 1e6) };
}

function comparePairs(rows: readonly ComparisonRow[]): ModelPair[] {
  const pairs = rows.flatMap((a, i) => rows.slice(i + 1).map((b) => comparePair(a, b)));
  const corrected = holm(pairs.map(({ test }) => test.p));
  return pairs.map((pair, i) => ({ ...pair, corrected: corrected[i]! }));
}

function comparePair(a: ComparisonRow, b: ComparisonRow): Omit<ModelPair, 'corrected'> {
  const [first, second] = [listBitsPerByte(a), listBitsPerByte(b)];
  const both = first.map((_, i) => i).filter((i) => Number.isFinite(first[i]!) && Number.isFinite(second[i]!));
  const [x, y] = [both.map((i) => second[i]!), both.map((i) => first[i]!)];
  const interval = bootstrapInterval(x.map((value, i) => value - y[i]!));
  return {
    ...{ first: a.name, second: b.name, test: pairedTTest(x, y), wilcoxon: wilcoxonTest(x, y) },
    ...{ effect: cohenDPaired(x, y), interval },
  };
}

function listBitsPerByte({ report }: ComparisonRow): number[] {
  return report.scores!.documents.map(({ bitsPerByte }: TextScore) => bitsPerByte);
}

function expectModels(models: readonly ComparedModel[]): void {
  const names = models.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (models.length >= 2 && twice === undefined) return;
  raise('PAL_ARGUMENT', {
    where: 'compareModels',
    expected: 'at least two models, each with a name of its own',
    received: twice === undefined ? String(models.length) : `${twice} twice`,
  });
}
