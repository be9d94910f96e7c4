import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';

const defineForms = (z: Zod) => z.array(z.string().min(1));

/** Schema of the treatment of capital letters. */
const defineLetterCase = <Forms extends z.ZodType>(z: Zod, ofWords: Forms) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('preserve') }),
    z.strictObject({ type: z.literal('lower') }),
    z.strictObject({ type: z.literal('truecase'), forms: ofWords }),
  ]);

/** Settings that need nothing to be learned. */
const defineSteps = (z: Zod) => ({
  unicode: z
    .enum(['NFC', 'NFD', 'NFKC', 'none'])
    .default('NFC')
    .describe('Unicode normalisation form; NFKC also unites letters that only look different.'),
  nonPrintables: z
    .enum(['remove', 'keep'])
    .default('remove')
    .describe('Control and format characters other than line breaks, tabs and joiners.'),
  whitespace: z
    .enum(['collapse', 'keep'])
    .default('collapse')
    .describe('Collapse: one space between words, none at the ends of lines, at most one empty line.'),
  tabs: z.enum(['space', 'keep']).default('space').describe('Whether a tab becomes a space.'),
  punctuation: z
    .enum(['keep', 'strip', 'separate'])
    .default('keep')
    .describe('Separate puts spaces around marks; those inside words and numbers stay where they are.'),
  sentences: z.enum(['keep', 'lines']).default('keep').describe('Lines gives each sentence a line of its own.'),
});

const CASE = 'What happens to capital letters.';

/** Schema of the preprocessing of text: types, defaults and their description. */
export const preprocessConfigSchema = deferSchema((z) => {
  const known = defineForms(z).describe('How words are written within sentences, from trainTruecase.');
  return z.strictObject({
    ...defineSteps(z),
    case: defineLetterCase(z, known).default({ type: 'preserve' }).describe(CASE),
  });
});

/** The same where the forms of words may still have to be learned from the text. */
export const preprocessRequestSchema = deferSchema((z) => {
  const wanted = defineForms(z).exactOptional().describe('How words are written within sentences. Default: learned.');
  return z.strictObject({
    ...defineSteps(z),
    case: defineLetterCase(z, wanted).default({ type: 'preserve' }).describe(CASE),
  });
});

/** A complete description of how text is made uniform; plain data to be stored with a model. */
export type PreprocessConfig = z.output<typeof preprocessConfigSchema>;

/** Options of {@link createPreprocessor}; everything has a default. */
export type PreprocessOptions = z.input<typeof preprocessConfigSchema>;

/** A configuration that {@link learnPreprocess} completes. */
export type PreprocessRequest = z.input<typeof preprocessRequestSchema>;
