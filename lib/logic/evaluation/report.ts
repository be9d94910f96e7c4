import type { OptionChecks } from '../../core/index.js';
import type { BaselineName } from './baselines.js';
import type { ScoreCategory } from './category.js';
import type { ConfusionMatrix, RootConfusion } from './confusion.js';
import type { Breakdown } from './groups.js';

/** Where predictions come from, as far as a report tells. */
export interface EvaluationSource {
  /** The model, by its folder. */
  model?: string | undefined;
  /** Its tokenizer, by what it is. */
  tokenizer?: string | undefined;
  /** How its outputs were decoded. */
  decoding?: Readonly<Record<string, unknown>> | undefined;
  /** The file of the records and its SHA-256. */
  dataset?: { path: string; sha256: string } | undefined;
}

/** The keys of {@link EvaluationSource}. */
export const evaluationSourceKeys: OptionChecks<EvaluationSource> = {
  model: true,
  tokenizer: true,
  decoding: true,
  dataset: true,
};

/** A baseline beside a result. */
export interface BaselineResult extends ScoreCategory {
  /** The result's semantic accuracy less the baseline's, with its paired 95 % interval; null without contingent references. */
  difference: { estimate: number; interval: [low: number, high: number] } | null;
}

/** A record whose reference always holds or never does. */
export interface ExcludedRecord {
  id: string;
  input: string;
  formula: string;
}

/** A record whose prediction isn't equivalent. */
export interface FailedRecord extends ExcludedRecord {
  /** As it was written; null where nothing was. */
  predicted: string | null;
  partial_credit: number;
}

/** Something that a report shows. */
export interface Finding {
  /** What it is about. */
  about:
    | 'syntax'
    | 'atoms'
    | 'connectors'
    | 'semantics'
    | 'near-misses'
    | 'advanced'
    | 'connective'
    | 'atom-count'
    | 'confusion'
    | 'baseline';
  text: string;
}

/** How well sentences were formalised. */
export interface LogicReport extends Record<Breakdown, ScoreCategory[]> {
  schemaVersion: 1;
  model: string | null;
  tokenizer: string | null;
  decoding: Readonly<Record<string, unknown>> | null;
  dataset: { path: string | null; sha256: string | null; n: number };
  /** Records. */
  total: number;
  /** Records without a prediction, and predictions for no record. */
  missing: number;
  unused: number;
  /** Predictions by the way their letters were paired with the reference's. */
  alignment: { gloss: number; strict: number };
  global: ScoreCategory;
  /** Groups of too few records to be told of, by breakdown: their names and sizes. */
  hidden: Partial<Record<Breakdown, Record<string, number>>>;
  confusion_matrix: ConfusionMatrix;
  top_confusions: RootConfusion[];
  baselines: Partial<Record<BaselineName, BaselineResult>>;
  excluded: ExcludedRecord[];
  diagnosis: Finding[];
  /** Predictions that aren't equivalent, where they were asked for. */
  examples?: FailedRecord[];
}
