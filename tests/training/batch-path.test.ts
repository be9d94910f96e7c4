import { expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import type { ForwardContext } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { VOCABULARY, trained } from './fixtures.js';

/** The mark for calls that a batch goes through from `Trainer.steps` to the model's features. */
const MARK = 8;

/** Notes the calls that led to its first training pass. */
class TracedModel extends Gpt {
  calls: string[] = [];

  protected override segment(ids: Tensor, context: ForwardContext, short?: boolean) {
    if (context.training && this.calls.length === 0) this.calls = callsAbove();
    return super.segment(ids, context, short);
  }
}

/** The functions of trainer, step and models on the stack, the innermost first; one that only wraps counts too. */
function callsAbove(): string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  const lines = new Error('here').stack!.split('\n');
  Error.stackTraceLimit = limit;
  return lines.filter((line) => /\/lib\/(?:training|step|models)\//.test(line)).map((line) => line.trim());
}

test(`a batch reaches the model in at most ${MARK} calls`, async () => {
  manualSeed(1);
  const model = new TracedModel({ vocabSize: VOCABULARY, contextLength: 8, width: 16, layers: 2, heads: 2 });
  await trained({ model, steps: 1 });
  const first = model.calls.findIndex((call) => call.includes('training/trainer.ts'));
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(MARK);
});
