import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../../lib/core/index.js';
import { BpeTokenizer } from '../../../../lib/text/index.js';
import { cpuMs } from '../../../helpers/cpu-time.js';

const random = new Random(1);
/** Letters without a space or a repetition: one pretoken, whose pairs are all alike. */
const word = Array.from({ length: 2_000_000 }, () => 'abcdefghijklmnop'[random.integer(16)]).join('');

const jobs: Record<string, (signal?: AbortSignal) => Promise<unknown>> = {
  encoding: async (signal) => (await learned).encodeAsync(word, { ...(signal && { signal }) }),
  'training on bytes': (signal) => BpeTokenizer.train(word, { vocabSize: 300, ...(signal && { signal }) }),
  'training on characters': (signal) =>
    BpeTokenizer.train(word, { vocabSize: 60, base: 'character', ...(signal && { signal }) }),
};
const learned = BpeTokenizer.train(word.slice(0, 50_000), { vocabSize: 1000 });

/** Processor time of some work, in milliseconds. */
async function measure(work: () => Promise<unknown>): Promise<number> {
  const start = cpuMs();
  await work();
  return cpuMs() - start;
}

/** Stops a job once it has taken so much processor time; returns what it takes from then on. */
async function stopAfter(job: (signal: AbortSignal) => Promise<unknown>, ms: number): Promise<number> {
  const controller = new AbortController();
  const start = cpuMs();
  const stopped = expect(job(controller.signal)).rejects.toMatchObject({ code: 'PAL_ABORTED' });
  while (cpuMs() - start < ms) await setTimeout(1);
  controller.abort();
  return measure(() => stopped);
}

describe('one word of 2 MB', () => {
  test.each(Object.entries(jobs))('%s is stopped on its way, at little cost', async (name, job) => {
    await learned;
    // The first run is the slowest: a stop that it sets would come after the end of another.
    const whole = Math.min(await measure(job), await measure(job));
    const rest = [];
    for (const part of [0.05, 0.15, 0.3]) rest.push(await stopAfter(job, part * whole));
    console.log(`${name}: ${whole.toFixed(0)} ms in all, ${rest.map((ms) => ms.toFixed(0)).join(', ')} after a stop`);
    for (const ms of rest) expect(ms).toBeLessThan(whole / 4);
  });
});
