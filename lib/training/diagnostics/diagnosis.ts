/** What each code says, in the order in which they are looked at; README.md tells of each at length. */
const titles = {
  LSTM_NAN: 'Gradients exploded',
  OOM: 'Memory ran out',
  LEAK: 'The model knows the validation text',
  INIT_LOSS: 'The first loss is not that of guessing',
  OVERFIT: 'The model learns its text by heart',
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

/** How bad it is: an `error` makes a run worthless, a `warning` makes it worse, `info` makes it slower. */
export type Severity = 'info' | 'warning' | 'error';

/** One thing that is wrong with a run. */
export interface Diagnosis {
  code: DiagnosisCode;
  severity: Severity;
  /** What was found, one sentence. */
  message: string;
  /** The values it was found by. */
  evidence: Readonly<Record<string, number | string>>;
  /** What to do, one or more sentences. */
  advice: string;
  /** Where the code is explained. */
  docs: string;
}

/** What a check has found; {@link explained} adds the place of its explanation. */
export type Finding = Omit<Diagnosis, 'docs'>;

/** A finding as a diagnosis. */
export function explained(finding: Finding): Diagnosis {
  return { ...finding, docs: `lib/training/diagnostics/README.md#${finding.code.toLowerCase()}` };
}
