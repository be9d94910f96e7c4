import { cat, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { computeDifference } from './probe.js';
import type { Probe } from './probe.js';
import { createCheck, formatDigits } from './report.js';
import type { Check } from './report.js';

/** Expects a row's logits to stay as they are when its neighbours change, and to be the same when it stands alone. */
export function checkBatchIndependence(probe: Probe): Check {
  const { otherRows, alone, rounding } = scope(() => measure(probe));
  const explanation =
    `A row's logits change by up to ${formatDigits(otherRows)} with other rows, and differ by up to ${formatDigits(alone)} ` +
    'from those of the row alone.';
  if (otherRows === 0 && alone <= rounding) {
    return createCheck('batch independence', true, explanation, { value: alone, limit: rounding });
  }
  const cause = ' Look for a norm or a mean over the batch, or a reshape that mixes its axis with another.';
  const figures = otherRows === 0 ? { value: alone, limit: rounding } : { value: otherRows, limit: 0 };
  return createCheck('batch independence', false, explanation + cause, figures);
}

function measure(probe: Probe): { otherRows: number; alone: number; rounding: number } {
  const row = probe.ids(1);
  const amid = (above: Tensor, below: Tensor) => probe.logits(cat([above, row, below], 0)).narrow(0, 1, 1);
  const before = amid(probe.ids(1), probe.ids(1));
  return {
    otherRows: computeDifference(before, amid(probe.ids(1), probe.ids(1))),
    alone: computeDifference(before, probe.logits(row)),
    rounding: probe.rounding(before),
  };
}
