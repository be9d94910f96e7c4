import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Progress } from '../../../lib/core/index.js';
import { TensorBoard, Trainer } from '../../../lib/training/index.js';
import type { Callback, TrainerEvent, TrainerRun } from '../../../lib/training/index.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { newModel, trained, windowData } from '../fixtures.js';

freedAfterEach();

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'palabra-log-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Logs a figure after every second step. */
function logger(name: string, values: (index: number) => Record<string, number>): Callback {
  let run: TrainerRun;
  return {
    name,
    onStart: (started) => void (run = started),
    onStep: ({ index }) => (index % 2 === 0 ? run.log(values(index)) : undefined),
  };
}

const listen = (events: TrainerEvent[]): Callback => ({
  name: 'listener',
  onEvent: (event) => void events.push(event),
});

describe('run.log', () => {
  test('reaches the metrics log, TensorBoard, the steps and every callback', async () => {
    const events: TrainerEvent[] = [];
    const callbacks = [listen(events), new TensorBoard(), logger('own', (index) => ({ 'mix/books': index / 8 }))];
    const { steps } = await trained({ steps: 4, runDirectory: folder, callbacks });
    const logged = [2, 4].map((step) => ({ type: 'log', step, values: { 'mix/books': step / 8 } }));
    expect(events.filter(({ type }) => type === 'log')).toEqual(logged);
    const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const records = lines.map((line) => JSON.parse(line) as { type: string });
    expect(records.filter(({ type }) => type === 'log')).toEqual(logged);
    expect(steps.map((step) => step.logged)).toEqual([
      undefined,
      { 'mix/books': 0.25 },
      undefined,
      { 'mix/books': 0.5 },
    ]);
    const [file] = readdirSync(join(folder, 'tensorboard'));
    const written = readFileSync(join(folder, 'tensorboard', file!)).toString('latin1');
    expect(written.split('log/mix/books')).toHaveLength(3);
  });

  test('a loop over the steps logs too; numbers that are none are kept', async () => {
    const events: TrainerEvent[] = [];
    const options = { model: newModel(), data: windowData(), steps: 2, batchSize: 4, runDirectory: folder };
    const trainer = new Trainer({ ...options, callbacks: [listen(events)] });
    for await (const { index } of trainer.steps()) trainer.log({ ratio: index === 1 ? NaN : Infinity });
    expect(events.flatMap((event) => (event.type === 'log' ? [event.values.ratio] : []))).toEqual([NaN, Infinity]);
    const text = readFileSync(join(folder, 'metrics.jsonl'), 'utf8');
    expect(text).toContain('{"type":"log","step":1,"values":{"ratio":"NaN"}}');
    expect(text).toContain('{"type":"log","step":2,"values":{"ratio":"Infinity"}}');
  });

  test.each([
    ['a text', { name: 'books' }, 'name: "books"'],
    ['no name', { '': 1 }, ': 1'],
    ['no object', 3, '3'],
  ])('%s is refused', async (_, values, received) => {
    const wrong = logger('own', () => values as Record<string, number>);
    await expect(trained({ steps: 2, callbacks: [wrong] })).rejects.toThrow(received);
  });

  test('before and after the run, and while figures are handed out, it is refused', async () => {
    const trainer = new Trainer({ model: newModel(), data: windowData(), steps: 1 });
    expect(() => trainer.log({ a: 1 })).toThrow('before or after');
    await trainer.run();
    expect(() => trainer.log({ a: 1 })).toThrow('before or after');
    const { trainer: other } = await trained({ steps: 1 });
    expect(() => other.log({ a: 1 })).toThrow('before or after');
    let run: TrainerRun;
    const loop: Callback = {
      name: 'loop',
      onStart: (started) => void (run = started),
      onStep: () => run.log({ a: 1 }),
      onEvent: () => run.log({ b: 1 }),
    };
    await expect(trained({ steps: 1, callbacks: [loop] })).rejects.toThrow('while others are handed out');
  });

  test('a progress bar shows it', () => {
    let shown = '';
    const progress = new Progress({ total: 2, label: 'train', stream: { write: (text) => void (shown += text) } });
    progress.update(2, { loss: 1, logged: { 'mix/books': 0.25, rows: 3 } });
    expect(shown).toContain('loss 1.0000  mix/books 0.2500  rows 3');
  });
});
