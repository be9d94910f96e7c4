import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CheckpointStore } from '../../lib/training/checkpoint/checkpoint-store.js';

const CHILD = fileURLToPath(new URL('interrupt.child.mjs', import.meta.url));

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-interrupt-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Sends signals, the first after the first step, the next after the child has told of the one before. */
async function ended(signals: NodeJS.Signals[], speed = 'fast'): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, [CHILD, folder, speed], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const lines: string[] = [];
  const left = [...signals];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const next = line === 'training' || line === signals[0] ? left.shift() : undefined;
    if (next !== undefined) child.kill(next);
  }
  return { code: await closed, lines };
}

const newestStep = async (): Promise<number | undefined> => {
  const store = new CheckpointStore(join(folder, 'checkpoints'), { last: 2, best: 1 });
  return (await store.newest((path) => expect(path).toBe('whole')))?.manifest.step;
};

describe('watchSignals', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s saves and leaves cleanly', async (signal, exitCode) => {
    const { code, lines } = await ended([signal]);
    const end = JSON.parse(lines.at(-1)!) as { reason: string; step: number };
    expect([code, end.reason]).toEqual([exitCode, signal]);
    expect(end.step).toBeGreaterThan(0);
    expect(await newestStep()).toBe(end.step);
    expect(readdirSync(folder).sort()).toEqual([
      'README.md',
      'checkpoints',
      'config.json',
      'environment.json',
      'metrics.jsonl',
      'model',
    ]);
  });

  test('a second Ctrl-C leaves at once; what was saved before is whole', async () => {
    const { code, lines } = await ended(['SIGINT', 'SIGINT'], 'endless');
    expect([code, lines]).toEqual([130, ['training', 'SIGINT']]);
    expect(await newestStep()).toBe(0);
  });
});
