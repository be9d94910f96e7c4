import type { z } from 'zod';
import { deferSchema } from '../../core/index.js';
import type { Zod } from '../../core/index.js';

const defineCount = (z: Zod) => z.int().min(0);
const defineLoss = (z: Zod) => z.number().nullable();
const defineHash = (z: Zod) => z.string().regex(/^[0-9a-f]{64}$/u);

const defineHistory = (z: Zod) =>
  z.strictObject({
    dataset: z.string(),
    sha256: defineHash(z).optional().describe('Of the file.'),
    examples: defineCount(z).describe('Examples seen, repeated ones each time.'),
    unique_examples: defineCount(z).optional().describe('Different examples among them.'),
    epochs: z.number().min(0),
    loss: defineLoss(z),
    timestamp: z.string(),
  });

const defineDataset = (z: Zod) =>
  z.strictObject({
    name: z.string(),
    sha256: defineHash(z),
    examples: defineCount(z).describe('Examples trained on.'),
    validationLoss: z.strictObject({
      before: defineLoss(z).describe('Of the version before; null where there is none.'),
      after: defineLoss(z),
      base: defineLoss(z).describe('Of the base model.'),
      interval: z.tuple([z.number(), z.number()]).nullable().describe('Of after − before, 95 %, paired over examples.'),
    }),
  });

/** The content of `training_metadata.json`; its names are those that scripts read. Other fields are kept as they are. */
export const trainingMetadataSchema = deferSchema((z) =>
  z.looseObject({
    adapter_name: z.string(),
    base_model: z.string(),
    base_sha256: defineHash(z).optional().describe('Identity of the base model.'),
    training_mode: z.string(),
    version_label: z.string().optional().describe('As v36.0: epochs in all.'),
    last_dataset: z.string(),
    last_training_examples: defineCount(z),
    last_training_epochs: z.number().min(0),
    total_examples_trained: defineCount(z).describe('Repeated examples each time.'),
    unique_examples_trained: defineCount(z).optional().describe('Different examples.'),
    total_epochs: z.number().min(0),
    lora_r: z.int().min(1),
    lora_alpha: z.number(),
    lora_dropout: z.number(),
    trainable_params: defineCount(z),
    last_training_time_seconds: z.number().min(0),
    last_loss: defineLoss(z),
    best_loss: defineLoss(z),
    quality_improvement: z.number().nullable(),
    last_updated: z.string().describe('ISO 8601.'),
    training_history: z.array(defineHistory(z)),
    datasets: z.array(defineDataset(z)).default([]).describe('Validation figures of each data set.'),
  }),
);

/** The content of `training_metadata.json`. */
export type TrainingMetadata = z.output<typeof trainingMetadataSchema>;

/** {@link TrainingMetadata} as a trainer gives it. */
export type TrainingMetadataInput = z.input<typeof trainingMetadataSchema>;
