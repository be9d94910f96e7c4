import { scope } from '../../tensor/index.js';
import { createCheck, formatDigits, skipCheck } from './report.js';
import type { Check } from './report.js';
import type { Probe } from './probe.js';

/**
 * Changes one later token and expects every earlier logit to stay as it is, bit for bit.
 * @param positions - which tokens are changed, each from 1 to T − 1
 */
export function checkCausality(probe: Probe, positions = listPositions(probe.length)): Check {
  if (probe.vocabSize < 2 || probe.length < 2) {
    return skipCheck('causality', 'One token or one id leaves nothing to change.');
  }
  const leak = findLeak(probe, positions);
  const done = `With another token at one of positions ${positions.join(', ')} of ${probe.length}`;
  if (leak.change === 0) return createCheck('causality', true, `${done}, no earlier logit changed.`, createFigures(0));
  if (Number.isNaN(leak.change)) {
    return createCheck(
      'causality',
      false,
      'Some logits are NaN: nothing can be told. Look at the weights first.',
      createFigures(NaN),
    );
  }
  return createCheck(
    'causality',
    false,
    `The logits at position ${leak.seenFrom} change by up to ${formatDigits(leak.change)} with the token at position ${leak.position}: ` +
      'the model sees the token it has to predict. Look for attention without a causal mask, a mean or a norm over ' +
      'the whole sequence, or a convolution centred on its token.',
    createFigures(leak.change),
  );
}

/** Tells whether any logit depends on an earlier token: where none does, nothing can be seen of a mask. */
export function hasTokenMixing(probe: Probe): boolean {
  if (probe.vocabSize < 2 || probe.length < 2) return false;
  return scope(() => {
    const ids = probe.ids();
    const change = probe.logits(ids).sub(probe.logits(probe.withOthers(ids, 0)));
    return change
      .narrow(1, 1, probe.length - 1)
      .ne(0)
      .any()
      .item<boolean>();
  });
}

function createFigures(value: number): { value: number; limit: number } {
  return { value, limit: 0 };
}

function listPositions(length: number): number[] {
  return Array.from({ length: length - 1 }, (_, i) => i + 1);
}

interface Leak {
  position: number;
  change: number;
  /** The first position whose logits change. */
  seenFrom: number;
}

function findLeak(probe: Probe, positions: readonly number[]): Leak {
  return scope(() => {
    const ids = probe.ids();
    const before = probe.logits(ids);
    const leaks = positions.map((position): Leak => {
      const after = probe.logits(probe.withOthers(ids, position));
      const changes = before.sub(after).abs().amax([0, 2]).tolist() as number[]; // T
      const earlier = changes.slice(0, position);
      const change = earlier.reduce((most, value) => (value > most || Number.isNaN(value) ? value : most), 0);
      return { position, change, seenFrom: earlier.findIndex((value) => value !== 0) };
    });
    return leaks.find((leak) => leak.change !== 0) ?? { position: 0, change: 0, seenFrom: 0 };
  });
}
