import { expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';

import { describeWithQemu, runNode } from './qemu.js';

const story = fileURLToPath(new URL('story.child.mjs', import.meta.url));

/** Processors without AVX-512; PALABRA_CPU_MODELS names others of qemu's. */
const models = (process.env.PALABRA_CPU_MODELS ?? 'Haswell,EPYC-Rome,EPYC-Milan').split(',');

interface Told {
  losses: number[];
  written: string;
  again: string;
  /** In bfloat16; of the LSTM alone. */
  short?: number[];
}

/** qemu 7.2 dies in the code that oneDNN writes for LSTMs on AVX2; processors run it. */
const environments = { gpt: {}, lstm: { ONEDNN_MAX_CPU_ISA: 'AVX' } };

/** The story as told on a processor. */
async function listen(kind: 'gpt' | 'lstm', model?: string): Promise<Told> {
  const { status, stdout, stderr } = await runNode([story, kind], model, model === undefined ? {} : environments[kind]);
  if (status !== 0) throw new Error(`${model ?? 'this processor'}: ended with ${status}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as Told;
}

function measureDifference(found: readonly number[] = [], expected: readonly number[] = []): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(0, ...found.map((value, i) => Math.abs(value - expected[i]!)));
}

describeWithQemu('an emulated processor', () => {
  // Each waits for processes of one thread: they run beside each other.
  test.concurrent.each(models.flatMap((model) => (['gpt', 'lstm'] as const).map((kind) => ({ model, kind }))))(
    '$model trains, evaluates, generates with, saves and loads a small $kind as this one does',
    async ({ model, kind }) => {
      const [there, here] = [await listen(kind, model), await listen(kind)];
      expect(here.losses[2]).toBeLessThan(here.losses[0]!);
      expect(measureDifference(there.losses, here.losses)).toBeLessThanOrEqual(1e-4);
      expect(measureDifference(there.short, here.short)).toBeLessThanOrEqual(2e-2);
      expect(there.written).toBe(here.written);
      expect(there.again).toBe(there.written);
    },
  );

  test.concurrent('Westmere is told which instruction sets it lacks', async () => {
    const program = `import('${new URL('../../dist/index.js', import.meta.url).href}').then((p) => p.setThreads(1))`;
    const { status, stderr } = await runNode(['-e', program], 'Westmere');
    expect(status).toBe(1);
    expect(stderr).toContain('[PAL_NATIVE_LOAD] palabra: expected a CPU with avx2, fma, f16c, received');
  });
});
