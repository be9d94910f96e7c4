import type { z } from 'zod';
import { deferSchema } from '../../../core/index.js';
import { fallacyLabels } from './labels.js';

/** Schema of a text and its fallacy, as data sets hold them. Fields that it does not name are kept. */
export const fallacyRecordSchema = deferSchema((z) =>
  z
    .object({
      text: z.string().min(1).describe('A short argument, report or dialogue.'),
      label: z.enum(fallacyLabels).describe('The fallacy, or none.'),
      span: z
        .tuple([z.int().min(0), z.int().min(1)])
        .nullable()
        .describe('Where the words that commit it stand in the text, in UTF-16 units; null for none.'),
      explanation: z.string().min(1).describe('What is wrong, in a sentence.'),
      severity: z.int().min(0).max(3).describe('0 none, 1 hedged, 2 plain, 3 said as beyond doubt.'),
      template: z.string().optional().describe('What it was made by, as label/place.'),
    })
    .refine(({ label, span, severity }) => (label === 'none') === (span === null) && (label === 'none') === !severity, {
      error: 'expected none to have no span and severity 0, and a fallacy both',
    })
    .refine(({ text, span }) => span === null || (span[0] < span[1] && span[1] <= text.length), {
      error: 'expected a span inside the text',
    }),
);

/** A text and its fallacy. */
export type FallacyRecord = z.output<typeof fallacyRecordSchema>;
