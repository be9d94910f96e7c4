import { isPalabraError } from '../../core/index.js';
import { cat, scope } from '../../tensor/index.js';
import { computeDifference } from './probe.js';
import type { Probe } from './probe.js';
import { createCheck, formatDigits, skipCheck } from './report.js';
import type { Check } from './report.js';

const NAME = 'cache equality';

/** Reads a sequence in one pass, and in chunks with a state, and expects the same logits. */
export function checkCacheEquality(probe: Probe): Check {
  try {
    return judge(scope(() => measure(probe)));
  } catch (error) {
    if (isPalabraError(error) && error.code === 'PAL_UNSUPPORTED') return skipCheck(NAME, error.message);
    return createCheck(NAME, false, `Reading in chunks failed: ${(error as Error).message}`);
  }
}

interface Figures {
  change: number;
  rounding: number;
  counted: number;
  read: number;
}

function judge({ change, rounding, counted, read }: Figures): Check {
  const figures = { value: change, limit: rounding };
  if (counted !== read) return createCheck(NAME, false, `The state counts ${counted} tokens after ${read} were read.`);
  const explanation = `Read in chunks with a state, the logits differ by up to ${formatDigits(change)} from those of one pass.`;
  if (change <= rounding) return createCheck(NAME, true, explanation, figures);
  const cause = ' Look at the positions after the first chunk, at the mask over earlier tokens, and at what is stored.';
  return createCheck(NAME, false, explanation + cause, figures);
}

/** A first chunk of half the tokens, then one token at a time. */
function measure(probe: Probe): Figures {
  const { batch, length } = probe;
  const ids = probe.ids();
  const whole = probe.logits(ids);
  const first = Math.ceil(length / 2);
  const lengths = [first, ...Array<number>(length - first).fill(1)];
  const state = probe.model.newState(batch);
  try {
    let start = 0;
    const logits = lengths.map((length) => {
      const logitsOfChunk = probe.logits(ids.narrow(1, start, length), { state });
      start += length;
      return logitsOfChunk;
    });
    const change = computeDifference(cat(logits, 1), whole);
    return { change, rounding: probe.rounding(whole), counted: state.length, read: start };
  } finally {
    state.dispose();
  }
}
