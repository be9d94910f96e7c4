import { deferSchema } from '../../core/index.js';
import type { EvaluateModelOptions, EvaluationSettings } from '../../evaluation/index.js';
import { comparedPresets, generationPresets } from '../../generation/index.js';
import type { GenerationPreset } from '../../generation/index.js';
import type { SettingsSection } from './settings.js';

/** Names of ways to write. */
export const PRESETS = Object.keys(generationPresets) as [GenerationPreset, ...GenerationPreset[]];

const METRICS = ['perplexity', 'bleu', 'generation'] as const;

/** Tokens of a text where its preset says nothing. */
const DEFAULT_TOKENS = 80;

const schema = deferSchema((z) =>
  z.strictObject({
    metrics: z
      .union([z.literal('all'), z.array(z.enum(METRICS)).min(1)])
      .default(['perplexity'])
      .describe(`all, or a list of ${METRICS.join(', ')}.`),
    context: z.int().min(1).exactOptional().describe('The most tokens a model sees. Default: all it can.'),
    stride: z.int().min(1).exactOptional().describe('Tokens predicted a window. Default: the context.'),
    stateful: z.boolean().exactOptional().describe('Carries the state of a recurrent model from window to window.'),
    dynamic: z
      .strictObject({
        learningRate: z.number().gt(0).describe('Step size of learning from what was scored.'),
        maxGradNorm: z
          .number()
          .gt(0)
          .exactOptional()
          .describe('The most that the norm of gradients may be. Default: 1.'),
      })
      .exactOptional(),
    startToken: z.int().min(0).exactOptional().describe('Id before each document, so that its first token counts.'),
    goals: z
      .record(z.string(), z.strictObject({ min: z.number().exactOptional(), max: z.number().exactOptional() }))
      .default({})
      .describe('Bounds by the path of a figure, as {scores.perplexity: {max: 20}}; missing one is exit code 1.'),
    presets: z
      .union([z.literal('compared'), z.array(z.enum(PRESETS)).min(1)])
      .exactOptional()
      .describe(
        `Ways of writing: compared (six side by side), or a list of ${PRESETS.join(', ')}. Default: two of its own.`,
      ),
    samples: z.int().min(1).default(3).describe('Texts a prompt and preset.'),
    seed: z.int().default(0).describe('Draws the generated texts.'),
  }),
);

/** The section of what is measured of a model. */
export const evaluationSection: SettingsSection & { schema: typeof schema } = {
  name: 'evaluation',
  title: 'Evaluation',
  schema,
};

/** The options of `evaluateModel` and `compareModels` that checked settings mean. */
export function resolveEvaluationOptions(
  settings: (typeof schema)['_output'],
): Pick<EvaluateModelOptions, 'metrics' | 'goals' | 'seed' | 'scoring' | 'settings'> {
  const { metrics, goals, seed, presets, samples, ...scoring } = settings;
  const ways = presets && { settings: resolvePresets(presets === 'compared' ? comparedPresets : presets, samples) };
  return { metrics: metrics === 'all' ? METRICS : metrics, goals, seed, scoring, ...ways };
}

function resolvePresets(presets: readonly GenerationPreset[], samples: number): Record<string, EvaluationSettings> {
  return Object.fromEntries(
    presets.map((name) => [name, { maxTokens: DEFAULT_TOKENS, ...generationPresets[name], samples }]),
  );
}
