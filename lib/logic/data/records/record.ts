import type { z } from 'zod';

import { deferSchema } from '../../../core/index.js';
import { complexityLevels } from '../../formula/complexity.js';

/** The connectives as records write them. */
export const connectiveSymbols = ['¬', '∧', '∨', '→', '↔'] as const;

/** What has been found out about a record: only `confirmed` and `corrected` have been looked at with success. */
export const verificationStatuses = ['unverified', 'confirmed', 'corrected', 'rejected', 'error'] as const;

const atomSchema = deferSchema((z) =>
  z.object({
    letter: z.string().describe('A lower-case letter and digits, as p or q1.'),
    gloss: z.string().describe('The clause that it stands for, affirmed.'),
  }),
);

const connectorSchema = deferSchema((z) =>
  z.object({
    symbol: z.enum(connectiveSymbols),
    cue: z.string().describe('Its words; … stands between words apart.'),
    span: z
      .tuple([z.int().min(0), z.int().min(0)])
      .optional()
      .describe('Where the first of them stand in the input, in UTF-16 units.'),
  }),
);

const provenanceSchema = deferSchema((z) =>
  z.object({
    kind: z.enum(['llm', 'grammar', 'human', 'augmented']),
    generator: z.string(),
    version: z.string(),
    seed: z.number().optional(),
    index: z.int().optional().describe('The place in the stream of a grammar.'),
    slice: z.string().optional().describe('The part of the lexicon, where it is not all.'),
    parents: z.array(z.string()).describe('The ids of the records that it is made of.'),
    transform: z.string().optional().describe('What was done to them.'),
  }),
);

const verificationSchema = deferSchema((z) =>
  z.object({
    status: z.enum(verificationStatuses),
    provider: z.string().optional(),
    model: z.string().optional(),
    at: z.string().optional().describe('When, in ISO 8601.'),
    confidence: z.number().min(0).max(1).optional(),
    issues: z.array(z.string()),
    previousFormula: z.string().optional().describe('The formula before a correction.'),
    promptHash: z.string().optional(),
  }),
);

/** Schema of a sentence and its formula as data sets hold them. Fields that it does not name are kept. */
export const logicRecordSchema = deferSchema((z) =>
  z.object({
    schemaVersion: z.literal(1),
    id: z.string().describe('A hash of input and canonical formula.'),
    sourceId: z.string().describe('The record that this one is made from; its own where there is none.'),
    input: z.string().describe('The sentence.'),
    formula: z.string().describe('In canonical Unicode symbols.'),
    formulaAscii: z.string().optional().describe('The same in ~ & | -> <->.'),
    atoms: z.array(atomSchema).describe('In the order of first mention.'),
    connectors: z.array(connectorSchema),
    reasoning: z.array(z.string()).describe('Steps from the sentence to the formula.'),
    complexity: z.enum(complexityLevels).describe('Computed from the formula.'),
    declaredComplexity: z.string().optional().describe('What the source called it.'),
    domain: z.string(),
    topic: z.string().optional(),
    surface: z.array(z.string()).default([]).describe('The constructions of the sentence, the outermost first.'),
    provenance: provenanceSchema,
    verification: verificationSchema,
    split: z.string().optional(),
    weight: z.number().min(0).optional().describe('How often a sampler draws it, against 1.'),
  }),
);

/** A sentence and its formula, as data sets hold them. */
export type LogicRecord = z.output<typeof logicRecordSchema>;

/** An atom and the clause that it stands for. */
export type RecordAtom = LogicRecord['atoms'][number];

/** A connective and the words that say it. */
export type RecordConnector = LogicRecord['connectors'][number];
