import { formatCount, formatInteger } from '../../core/index.js';
import type { TrainerEvaluation } from '../report.js';
import type { RunConfig } from './run-config.js';

/** The facts of the weights that a card describes. */
export interface CardFacts {
  step: number;
  totalTokens: number;
  epoch: number;
  /** The evaluation of these weights, where there was one. */
  validation: TrainerEvaluation | undefined;
}

/**
 * A page on a trained model: what it is, what it was trained on and how, and how to use it.
 * @param run - the configuration of the run
 * @param facts - steps, tokens, epochs and the evaluation of the weights
 * @returns the text of a `README.md`
 */
export function writeModelCard(run: RunConfig, { step, totalTokens, epoch, validation }: CardFacts): string {
  const { model, tokenizer, data } = run;
  return `# ${model.kind}, ${formatCount(model.parameters)} parameters

| | |
| --- | --- |
| trained for | ${formatInteger(step)} steps, ${formatCount(totalTokens)} tokens, ${epoch.toFixed(2)} epochs |
| validation | ${describeValidation(validation)} |
| tokenizer | ${tokenizer === null ? 'not stored' : `${String(tokenizer.type)}, ${String(tokenizer.size)} tokens`} |
| training data | ${describeDataset(data.train)} |
| validation data | ${describeDatasets(data.validation)} |
| optimizer | ${run.optimizer} |
| palabra | ${run.palabra} |

\`\`\`ts
import { generate, loadModel } from 'palabra';

const { model, tokenizer, generation } = await loadModel('model');
for await (const { text } of generate(model, tokenizer, 'Once', generation)) process.stdout.write(text);
\`\`\`

The model continues text like that it was trained on. It knows nothing else, and what it says need not be true.

## Configuration

\`\`\`json
${JSON.stringify({ model: model.config, trainer: run.trainer }, null, 2)}
\`\`\`
`;
}

function describeValidation(evaluation: TrainerEvaluation | undefined): string {
  if (evaluation === undefined) return 'not measured';
  const { loss, perplexity, tokens, step } = evaluation;
  return `loss ${loss.toFixed(4)} nats a token, perplexity ${perplexity.toFixed(2)}, over ${formatInteger(tokens)} tokens, at step ${formatInteger(step)}`;
}

/** One dataset, or several by their names. */
function describeDatasets(data: unknown): string {
  if (data === null || data === undefined || typeof data !== 'object' || 'targetCount' in data)
    return describeDataset(data);
  return Object.entries(data)
    .map(([name, set]) => `${name}: ${describeDataset(set)}`)
    .join('; ');
}

function describeDataset(data: unknown): string {
  if (data === null || data === undefined) return 'none';
  const { dataset, targetCount } = data as { dataset: string; targetCount: number };
  return `${dataset}, ${formatInteger(targetCount)} targets`;
}
