import { readFile } from 'node:fs/promises';
import {
  checkOptions,
  deferSchema,
  expectOneOf,
  parseConfig,
  raise,
  throwFileError,
  writeFileAtomic,
} from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';

/** A value of each component of phi. */
export interface PhiWeights {
  temporal: number;
  integration: number;
  /** Complexity; participation in prefix metrics. */
  complexity: number;
  attention: number;
}

/** How learnable weights come from logits: together by softmax, or each by itself by sigmoid. */
export type PhiConstraint = 'softmax' | 'sigmoid';

/** Learnt weights with the way they come from logits. */
export interface LearnedPhiWeights {
  weights: PhiWeights;
  constraint: PhiConstraint;
}

/** The weights that learning starts from. */
export const defaultPhiWeights: Readonly<PhiWeights> = {
  temporal: 0.3,
  integration: 0.3,
  complexity: 0.2,
  attention: 0.2,
};

const learnedKeys: OptionChecks<LearnedPhiWeights> = {
  weights: true,
  constraint: (where, name, value) => expectOneOf(where, name, value as PhiConstraint, ['softmax', 'sigmoid']),
};

const schema = deferSchema((z) => {
  const weight = z.number().gt(0).lt(1);
  const weights = z.strictObject({ temporal: weight, integration: weight, complexity: weight, attention: weight });
  const constraint = z.enum(['softmax', 'sigmoid']);
  return z
    .strictObject({ weights, constraint, timestamp: z.iso.datetime() })
    .superRefine(({ weights: values, constraint: kind }, context) => {
      const sum = sumWeights(values);
      if (kind === 'sigmoid' || Math.abs(sum - 1) <= 1e-4) return;
      const message = `Expected weights of a softmax, which sum to 1, received ${sum}`;
      context.addIssue({ code: 'custom', path: ['weights'], message, input: values });
    });
});

/**
 * Writes learnt weights of phi as JSON, with the time of writing.
 * @param path - of the file
 * @param learned - each weight above 0 and below 1; of a softmax they sum to 1
 * @throws ArgumentError for an unknown key or constraint
 * @throws ConfigError for weights out of range
 * @throws PalabraError of code PAL_FILE when the disk refuses
 */
export async function savePhiWeights(path: string, learned: LearnedPhiWeights): Promise<void> {
  const { weights, constraint } = checkOptions('savePhiWeights', learned, learnedKeys);
  const stored = parseConfig('savePhiWeights', schema, { weights, constraint, timestamp: new Date().toISOString() });
  await writeFileAtomic(path, `${JSON.stringify(stored, null, 2)}\n`);
}

/**
 * Reads learnt weights of phi.
 * @param path - of the file
 * @returns weights, how they come from logits, and when they were written
 * @throws ConfigError when it holds something else
 * @throws PalabraError of code PAL_FILE when it cannot be read
 */
export async function loadPhiWeights(path: string): Promise<LearnedPhiWeights & { timestamp: string }> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('loadPhiWeights', path, cause));
  return parseConfig('loadPhiWeights', schema, parseJson(path, text));
}

/**
 * The logits that give weights.
 * @param learned - each weight above 0 and below 1
 * @returns of temporal, integration, complexity and attention: ln w for a softmax, ln(w / (1 − w)) for a sigmoid
 */
export function computePhiLogits(learned: LearnedPhiWeights): number[] {
  const { weights, constraint } = checkOptions('computePhiLogits', learned, learnedKeys);
  const { temporal, integration, complexity, attention } = weights;
  const values = [temporal, integration, complexity, attention];
  return values.map((weight) => Math.log(constraint === 'softmax' ? weight : weight / (1 - weight)));
}

function sumWeights({ temporal, integration, complexity, attention }: PhiWeights): number {
  return temporal + integration + complexity + attention;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const received = (cause as Error).message;
    const where = 'loadPhiWeights';
    return raise('PAL_CONFIG', { where, expected: `JSON in ${path}`, received, details: { path }, cause });
  }
}
