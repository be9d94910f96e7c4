import type { TokenBatch } from '../../data/index.js';
import { IGNORED_TARGET } from '../../nn/index.js';
import { createCheck, skipCheck } from './report.js';
import type { Check } from './report.js';

const NAME = 'targets';

/** The share of equal pairs above which targets count as a copy. */
const COPIED = 0.99;

/** Expects the targets of a batch to be tokens that its inputs have not shown yet. */
export function checkTargets(rows: TokenBatch): Check {
  const here = countSharedTokens(rows, 0);
  const next = countSharedTokens(rows, 1);
  const before = countSharedTokens(rows, -1);
  if (here.pairs === 0) return skipCheck(NAME, 'No target of the batch counts.');
  const seen = here.share >= before.share ? here : before;
  const explanation = `${formatPercent(here)} of the targets equal the input at their position, ${formatPercent(next)} the next one.`;
  const figures = { value: seen.share, limit: COPIED };
  if (seen.share < COPIED || seen.share <= next.share) return createCheck(NAME, true, explanation, figures);
  const cause =
    ' The model is asked for a token that it is shown: shift the targets, so that targets[t] is inputs[t + 1].';
  return createCheck(NAME, false, explanation + cause, figures);
}

interface Shared {
  pairs: number;
  share: number;
}

/** Counts the targets that equal the input `offset` tokens later in their row. */
function countSharedTokens({ inputs, targets, shape: [batch, time] }: TokenBatch, offset: number): Shared {
  let [pairs, equal] = [0, 0];
  for (let row = 0; row < batch; row++) {
    for (let t = Math.max(0, -offset); t < time - Math.max(0, offset); t++) {
      const target = targets[row * time + t];
      if (target === IGNORED_TARGET) continue;
      pairs++;
      if (target === inputs[row * time + t + offset]) equal++;
    }
  }
  return { pairs, share: pairs === 0 ? 0 : equal / pairs };
}

function formatPercent({ share }: Shared): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
