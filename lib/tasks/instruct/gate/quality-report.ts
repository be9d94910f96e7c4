/** Losses on the same examples before and after, in nats a token of an answer. */
export interface LossComparison {
  examples: number;
  loss_before: number;
  loss_after: number;
  perplexity_before: number;
  perplexity_after: number;
  /** The mean fall of an example's loss, above 0 where it is better after. */
  improvement: number;
  /** The 95 % bootstrap interval of it, paired over examples. */
  interval: [low: number, high: number];
}

/** What a model writes to questions it was not trained on, in figures. */
export interface GenerationFigures {
  /** Answers that were written. */
  answers: number;
  /** The share that ended by a token that ends turns. */
  end_rate: number;
  /** Answers with a piece of the chat template in them. */
  template_leaks: number;
  /** The share of runs of three tokens that came before in their answer. */
  repetition: number;
  /** The share that is the wanted answer, but for letter case and white space. */
  exact: number;
  /** The share of the wanted answers' longer words that were written, mean over answers. */
  keywords: number;
}

/** The losses of a version beside those of the base and of the version before it. */
export interface ComparedLosses {
  /** Beside the model without adapters. */
  base: LossComparison | null;
  /** Beside the version that was current; null where there was none. */
  current: LossComparison | null;
}

/**
 * What a few updates by a file alone did to the held-out answers of the others, beside the version: first by the file that
 * was learned, then by the file whose answers were scored.
 */
export type FileTrials = Record<string, Record<string, LossComparison>>;

/** The figures of a version. */
export interface QualityReport {
  /** On the held-out examples of all files. */
  overall: ComparedLosses;
  /** By file. */
  datasets: Record<string, ComparedLosses>;
  /** Of each new file alone, where a run had several. */
  trials: FileTrials;
  /** On the files of earlier runs together, beside the version that was current. */
  earlier: LossComparison | null;
  /** Perplexity on general text; of the version before null where there was none. */
  general: { base: number; current: number | null; version: number };
  /** Null where no question is held out. */
  generation: GenerationFigures | null;
}
