import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import { learnPreprocess, preprocessRequestSchema } from '../../text/index.js';
import type { PreprocessConfig, TextSource } from '../../text/index.js';
import { splitConfigSchema } from '../corpus/split-config.js';

/** Schema of {@link prepare}'s configuration: types, defaults and their description. */
export const prepareConfigSchema = deferSchema((z) =>
  z.strictObject({
    split: splitConfigSchema.prefault({}).describe('How the documents are divided before any window is cut.'),
    preprocess: preprocessRequestSchema.optional().describe('How text is made uniform first. Default: not at all.'),
    separator: z.string().default('').describe('Text between two documents.'),
    startToken: z.string().nullable().optional().describe('Special token before each document; null for none.'),
    endToken: z.string().nullable().optional().describe('Special token behind each document; null for none.'),
    contamination: z.boolean().default(true).describe('Looks for documents and passages that the splits share.'),
  }),
);

/** The configuration of {@link prepare}. */
export type PrepareConfig = z.input<typeof prepareConfigSchema>;

/** The same with its defaults. */
export type CheckedPrepareConfig = z.output<typeof prepareConfigSchema>;

/** The same with its defaults and all that was to be learned from the text. */
export type LearnedPrepareConfig = CheckedPrepareConfig & { preprocess?: PreprocessConfig | undefined };

/** Texts that are a held-out split as they are. */
export interface HeldOutTexts {
  validation?: TextSource | undefined;
  test?: TextSource | undefined;
}

/** The configuration of a text: without shares for parts that have texts of their own, and with what has to be learned. */
export async function learnConfig(
  config: CheckedPrepareConfig,
  source: TextSource,
  heldOut: HeldOutTexts,
): Promise<LearnedPrepareConfig> {
  const { preprocess, ...others } = { ...config, split: omitHeldOutShares(config.split, heldOut) };
  return preprocess === undefined ? others : { ...others, preprocess: await learnPreprocess(source, preprocess) };
}

/** A split without shares for parts that have texts of their own. */
export function omitHeldOutShares(
  split: CheckedPrepareConfig['split'],
  heldOut: HeldOutTexts,
): CheckedPrepareConfig['split'] {
  const share = (part: 'validation' | 'test'): number => (heldOut[part] === undefined ? split[part] : 0);
  return { ...split, validation: share('validation'), test: share('test') };
}
