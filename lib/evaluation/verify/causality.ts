import { scope } from '../../tensor/index.js';
import { check, digits, skipped } from './report.js';
import type { Check } from './report.js';
import type { Probe } from './probe.js';

/**
 * Changes one later token and expects every earlier logit to stay as it is, bit for bit.
 * @param places - which tokens are changed, each from 1 to T − 1
 */
export function causality(probe: Probe, places = everyPlace(probe.length)): Check {
  if (probe.vocabSize < 2 || probe.length < 2) {
    return skipped('causality', 'One token or one id leaves nothing to change.');
  }
  const worst = worstPlace(probe, places);
  const done = `With another token at one of places ${places.join(', ')} of ${probe.length}`;
  if (worst.change === 0) return check('causality', true, `${done}, no earlier logit changed.`, figures(0));
  if (Number.isNaN(worst.change)) {
    return check(
      'causality',
      false,
      'Some logits are NaN: nothing can be told. Look at the weights first.',
      figures(NaN),
    );
  }
  return check(
    'causality',
    false,
    `The logits at place ${worst.seenFrom} change by up to ${digits(worst.change)} with the token at place ${worst.place}: ` +
      'the model sees the token it has to predict. Look for attention without a causal mask, a mean or a norm over ' +
      'the whole sequence, or a convolution centred on its token.',
    figures(worst.change),
  );
}

/** Whether any logit depends on an earlier token: where none does, nothing can be seen of a mask. */
export function mixesTokens(probe: Probe): boolean {
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

function figures(value: number): { value: number; limit: number } {
  return { value, limit: 0 };
}

function everyPlace(length: number): number[] {
  return Array.from({ length: length - 1 }, (_, i) => i + 1);
}

interface Leak {
  place: number;
  change: number;
  /** The first place whose logits change. */
  seenFrom: number;
}

function worstPlace(probe: Probe, places: readonly number[]): Leak {
  return scope(() => {
    const ids = probe.ids();
    const before = probe.logits(ids);
    const leaks = places.map((place): Leak => {
      const after = probe.logits(probe.withOthers(ids, place));
      const changes = before.sub(after).abs().amax([0, 2]).tolist() as number[]; // T
      const earlier = changes.slice(0, place);
      const change = earlier.reduce((most, value) => (value > most || Number.isNaN(value) ? value : most), 0);
      return { place, change, seenFrom: earlier.findIndex((value) => value !== 0) };
    });
    return leaks.find((leak) => leak.change !== 0) ?? { place: 0, change: 0, seenFrom: 0 };
  });
}
