import { noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { computeDifference } from './probe.js';
import type { Probe } from './probe.js';
import { createCheck, formatDigits } from './report.js';
import type { Check } from './report.js';

const NAME = 'idempotent evaluation';

/**
 * Evaluates twice, another text between, and expects the same logits bit for bit, and weights and buffers as they were: a
 * memory held by the model itself would carry one text into the next.
 */
export function checkIdempotence(probe: Probe): Check {
  const { change, written } = scope(() => measure(probe));
  const explanation = `A second evaluation changes logits by up to ${formatDigits(change)}`;
  if (change === 0 && written.length === 0)
    return createCheck(NAME, true, `${explanation}, and nothing is written.`, { value: change, limit: 0 });
  const place = written.length === 0 ? '' : `, and writes ${written.join(', ')}`;
  const cause =
    ' Look for a memory or a statistic in a buffer of the model: what is remembered belongs into the state.';
  return createCheck(NAME, false, `${explanation}${place}.${cause}`, { value: change, limit: 0 });
}

function measure(probe: Probe): { change: number; written: string[] } {
  const before = copyTensors(probe);
  const [ids, others] = [probe.ids(), probe.ids()];
  const first = probe.logits(ids);
  probe.logits(others);
  const change = computeDifference(first, probe.logits(ids));
  const after = Object.entries(probe.model.stateDict());
  return { change, written: after.flatMap(([name, value]) => (value.equal(before[name]!) ? [] : [name])) };
}

function copyTensors({ model }: Probe): Record<string, Tensor> {
  return noGrad(() =>
    Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, value.detach().clone()])),
  );
}
