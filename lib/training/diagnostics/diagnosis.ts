/** The title of each code, in the order of the checks; README.md explains each at length. */
const titles = {
  LSTM_NAN: 'Gradients exploded',
  OOM: 'Memory ran out',
  LEAK: 'The model knows the validation text',
  INIT_LOSS: 'The first loss is not that of guessing',
  OVERFIT: 'The model memorizes its text',
  UNDERTRAINED: 'The run ended too early',
  PLATEAU: 'The loss stands still',
  DEAD_LR: 'The learning rate is too small to learn',
  VOCAB_OOV: 'The vocabulary misses many words',
  DATA_RATIO: 'More parameters than tokens',
  DIM_ALIGN: 'Sizes that float16 computes slowly',
  GEN_REPEAT: 'Generated text repeats itself',
  HOT_SAMPLING: 'The temperature is too high',
} as const;

/** The name of a diagnosis, as programs know it. */
export type DiagnosisCode = keyof typeof titles;

/** Every code with its title. */
export const diagnosisTitles: Readonly<Record<DiagnosisCode, string>> = titles;

/** The weight of a diagnosis: an `error` makes a run worthless, a `warning` makes it worse, `info` makes it slower. */
export type Severity = 'info' | 'warning' | 'error';

/** One thing that is wrong with a run. */
export interface Diagnosis {
  code: DiagnosisCode;
  severity: Severity;
  /** The finding in one sentence. */
  message: string;
  /** The values it was found by. */
  evidence: Readonly<Record<string, number | string>>;
  /** The remedy in one or more sentences. */
  advice: string;
  /** The place that explains the code. */
  docs: string;
}

/** The result of a check; {@link addDocs} adds the place of its explanation. */
export type Finding = Omit<Diagnosis, 'docs'>;

/**
 * A finding as a diagnosis.
 * @param finding - the result of a check
 * @returns the same with the place that explains its code
 */
export function addDocs(finding: Finding): Diagnosis {
  return { ...finding, docs: `lib/training/diagnostics/README.md#${finding.code.toLowerCase()}` };
}
