import { deferredSchema } from '../../core/index.js';
import type { EvaluateModelOptions } from '../../evaluation/index.js';
import type { SettingsSection } from './settings.js';

const METRICS = ['perplexity', 'bleu', 'generation'] as const;

const schema = deferredSchema((z) =>
  z.strictObject({
    metrics: z
      .union([z.literal('all'), z.array(z.enum(METRICS)).min(1)])
      .default(['perplexity'])
      .describe(`all, or a list of ${METRICS.join(', ')}.`),
    context: z.int().min(1).exactOptional().describe('The most tokens a model sees. Default: all it can.'),
    stride: z.int().min(1).exactOptional().describe('Tokens predicted a window. Default: the context.'),
    carry: z.boolean().exactOptional().describe('Carries the state of a recurrent model from window to window.'),
    dynamic: z
      .strictObject({ learningRate: z.number().gt(0).describe('Step size of learning from what was scored.') })
      .exactOptional(),
    goals: z
      .record(z.string(), z.strictObject({ min: z.number().exactOptional(), max: z.number().exactOptional() }))
      .default({})
      .describe('Bounds by the path of a figure, as {scores.perplexity: {max: 20}}; missing one is exit code 1.'),
    seed: z.int().default(0).describe('Draws the generated texts.'),
  }),
);

/** What is measured of a model. */
export const evaluationSection: SettingsSection & { schema: typeof schema } = {
  name: 'evaluation',
  title: 'Evaluation',
  schema,
};

/** The options of `evaluateModel` and `compareModels` that checked settings mean. */
export function evaluationOptions(
  settings: (typeof schema)['_output'],
): Pick<EvaluateModelOptions, 'metrics' | 'goals' | 'seed' | 'scoring'> {
  const { metrics, goals, seed, ...scoring } = settings;
  return { metrics: metrics === 'all' ? METRICS : metrics, goals, seed, scoring };
}
