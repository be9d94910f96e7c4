import type { z } from 'zod';

import { deferSchema } from '../../../core/index.js';
import { measureComplexity } from '../../formula/complexity.js';
import { connectiveSymbols } from './record.js';
import type { LogicRecord } from './record.js';
import { hashRecord } from './hash-record.js';
import { tryParse } from './try-parse.js';

/** Schema of a record as generators by language model write them. Fields that it does not name are kept. */
export const rawRecordSchema = deferSchema((z) => {
  const thought = z.object({
    reasoning_steps: z.array(z.object({ step: z.number().optional(), explanation: z.string() })).default([]),
    identified_atoms: z.array(z.object({ atom: z.string(), definition: z.string() })).default([]),
    identified_connectors: z
      .array(z.object({ connector: z.enum(connectiveSymbols), natural_language_cue: z.string() }))
      .default([]),
  });
  return z.object({
    natural_language_input: z.string(),
    complexity: z.string().optional(),
    thought: thought.prefault({}),
    output: z.object({ formula: z.string().default(''), formula_ascii: z.string().optional() }).prefault({}),
    formula: z.string().optional().describe('Where a processed line has its formula.'),
    block: z.string().optional(),
    verification: z
      .object({
        verified: z.boolean().optional(),
        corrected: z.boolean().optional(),
        confidence: z.number().min(0).max(1).optional(),
        issues: z.array(z.string()).default([]),
        api_error: z.unknown().optional(),
      })
      .optional(),
    augmented: z.boolean().optional(),
    augmentation_type: z.string().optional(),
  });
});

type RawRecord = z.output<typeof rawRecordSchema>;

/** Keys of a raw record that have a place in a record. */
const KNOWN_KEYS: ReadonlySet<string> = new Set([
  'natural_language_input',
  'complexity',
  'thought',
  'output',
  'formula',
  'block',
  'verification',
  'augmented',
  'augmentation_type',
]);

/**
 * A raw record as a record of the product. What its formula is worth is not looked at.
 *
 * @param raw - as it was read; fields that nobody knows are kept
 * @returns the record
 */
export function adaptRawRecord(raw: RawRecord): LogicRecord {
  const formula = raw.output.formula || (raw.formula ?? '');
  const parsed = tryParse(formula) ?? tryParse(raw.output.formula_ascii);
  const id = hashRecord(raw.natural_language_input, parsed ?? formula);
  const block = readBlock(raw.block);
  return {
    ...Object.fromEntries(Object.entries(raw).filter(([key]) => !KNOWN_KEYS.has(key))),
    schemaVersion: 1,
    id,
    sourceId: id,
    input: raw.natural_language_input,
    formula,
    ...(raw.output.formula_ascii === undefined ? {} : { formulaAscii: raw.output.formula_ascii }),
    atoms: raw.thought.identified_atoms.map(({ atom, definition }) => ({ letter: atom, gloss: definition })),
    connectors: raw.thought.identified_connectors.map((one) => ({
      symbol: one.connector,
      cue: one.natural_language_cue,
    })),
    reasoning: raw.thought.reasoning_steps.map(({ explanation }) => explanation),
    complexity: parsed === undefined ? 'simple' : measureComplexity(parsed).level,
    ...(raw.complexity === undefined ? {} : { declaredComplexity: raw.complexity }),
    domain: block,
    surface: [],
    provenance: {
      kind: raw.augmented === true ? 'augmented' : 'llm',
      generator: 'unknown',
      version: 'unknown',
      parents: [],
      ...(raw.augmentation_type === undefined ? {} : { transform: raw.augmentation_type }),
    },
    verification: adaptVerification(raw.verification),
  };
}

/** The name of a block without the emoji before it. */
function readBlock(block = ''): string {
  return block.replace(/^[^\p{L}\p{N}]+/u, '').trim() || 'unknown';
}

function adaptVerification(raw: RawRecord['verification']): LogicRecord['verification'] {
  if (raw === undefined) return { status: 'unverified', issues: [] };
  const failed = raw.api_error !== undefined && raw.api_error !== null && raw.api_error !== false;
  const passed = raw.verified === true ? (raw.corrected === true ? 'corrected' : 'confirmed') : 'unverified';
  const { issues, confidence } = raw;
  return { status: failed ? 'error' : passed, issues, ...(confidence === undefined ? {} : { confidence }) };
}
