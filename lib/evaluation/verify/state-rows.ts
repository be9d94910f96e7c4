import { isPalabraError } from '../../core/index.js';
import type { DecodeState } from '../../models/interface/index.js';
import { cat, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { computeDifference } from './probe.js';
import type { Probe } from './probe.js';
import { createCheck, formatDigits, skipCheck } from './report.js';
import type { Check } from './report.js';

const NAME = 'rows of the state';

/** A way to handle rows, and how far its logits are from those they ought to be. */
type Finding = readonly [what: string, change: number];

/**
 * Reads with a state whose rows are reset, chosen and joined, and expects each row to go on as if it stood alone: one that
 * was reset from its start, the others from where they were.
 */
export function checkStateRows(probe: Probe): Check {
  if (probe.length < 2) return skipCheck(NAME, 'One token leaves nothing to go on with.');
  try {
    return judge(scope(() => measure(probe)));
  } catch (error) {
    if (isPalabraError(error) && error.code === 'PAL_UNSUPPORTED') return skipCheck(NAME, error.message);
    return createCheck(NAME, false, `Going on with a state failed: ${(error as Error).message}`);
  }
}

function judge({ findings, limit }: { findings: Finding[]; limit: number }): Check {
  const [what, value] = findings.find(([, change]) => !(change <= limit)) ?? findings[0]!;
  const explanation = `Where ${what}, logits differ by up to ${formatDigits(value)} from those of the row alone.`;
  if (value <= limit) return createCheck(NAME, true, explanation, { value, limit });
  const cause =
    ' Look at what reset, select and concat leave out: every tensor of a state has the rows as its first axis.';
  return createCheck(NAME, false, explanation + cause, { value, limit });
}

function measure(probe: Probe): { findings: Finding[]; limit: number } {
  const cut = Math.ceil(probe.length / 2);
  const ids = probe.ids(2);
  const [first, second] = [ids.narrow(1, 0, cut), ids.narrow(1, cut, probe.length - cut)];
  const open: DecodeState[] = [];
  const keep = (state: DecodeState): DecodeState => (open.push(state), state);
  const start = (rows: Tensor): DecodeState => {
    const state = keep(probe.model.newState(rows.size(0)));
    probe.logits(rows, { state });
    return state;
  };
  const goOn = (state: DecodeState, rows: Tensor): Tensor => probe.logits(rows, { state });
  try {
    const [whole, fresh] = [goOn(start(first), second), probe.logits(second)];
    const forgetting = start(first);
    forgetting.reset([0]);
    const chosen = keep(start(first).select([1]));
    const short = first.narrow(0, 1, 1).narrow(1, 0, 1);
    const joined = keep(start(first.narrow(0, 0, 1)).concat(start(short)));
    const shorter = probe.logits(cat([short, second.narrow(0, 1, 1)], 1)).narrow(1, 1, probe.length - cut);
    const [reset, picked, beside] = [
      goOn(forgetting, second),
      goOn(chosen, second.narrow(0, 1, 1)),
      goOn(joined, second),
    ];
    const compare = (a: Tensor, row: number, b: Tensor, other: number): number =>
      computeDifference(a.narrow(0, row, 1), b.narrow(0, other, 1));
    return {
      limit: probe.rounding(whole),
      findings: [
        ['a row was reset', compare(reset, 0, fresh, 0)],
        ['another row was reset', compare(reset, 1, whole, 1)],
        ['a row was chosen', compare(picked, 0, whole, 1)],
        ['a row was joined with a shorter one', compare(beside, 0, whole, 0)],
        ['a row was joined to a longer one', compare(beside, 1, shorter, 0)],
      ],
    };
  } finally {
    for (const state of open) state.dispose();
  }
}
