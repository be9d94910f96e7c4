import { describe, expect, test } from '@jest/globals';
import { Progress } from '../../lib/core/index.js';
import type { ProgressStream } from '../../lib/core/index.js';

class Recorder implements ProgressStream {
  text = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 120,
  ) {}
  write(text: string): void {
    this.text += text;
  }
  /** What a terminal would show: each line after its last redraw. */
  get screen(): string[] {
    return this.text.split('\n').map((line) => line.split('\u001b[K').at(-1)!.replace('\r', ''));
  }
}

function clock() {
  let time = 0;
  return { now: () => time, advance: (milliseconds: number) => (time += milliseconds) };
}

describe('without a terminal', () => {
  test('writes plain lines at intervals and at the end', () => {
    const stream = new Recorder(false);
    const { now, advance } = clock();
    const progress = new Progress({ total: 100, label: 'train', stream, now, plainIntervalMs: 1000 });
    for (let step = 1; step <= 100; step++) {
      advance(100);
      progress.update(step, { loss: 4 - step / 100, tokens: step * 50 });
    }
    progress.finish('done');
    const lines = stream.text.trimEnd().split('\n');
    expect(lines[0]).toBe('train    1 %  1/100  loss 3.9900');
    expect(lines[1]).toBe('train   11 %  11/100  loss 3.8900  500 tokens/s  8.9 s left');
    expect(lines.at(-2)).toBe('train  100 %  100/100  loss 3.0000  500 tokens/s  10.0 s');
    expect(lines.at(-1)).toBe('done');
    expect(lines).toHaveLength(12);
    expect(stream.text).not.toContain('\u001b');
  });
});

describe('on a terminal', () => {
  test('redraws one line no more than ten times a second', () => {
    const stream = new Recorder(true);
    const { now, advance } = clock();
    const progress = new Progress({ total: 1000, stream, now });
    for (let step = 1; step <= 1000; step++) {
      advance(10);
      progress.update(step, { loss: 1 });
    }
    expect(stream.text.split('\r').length - 1).toBe(101);
    progress.finish();
    expect(stream.screen).toEqual([`[${'█'.repeat(24)}] 100 %  1,000/1,000  loss 1.0000  10.0 s`, '']);
  });

  test('keeps within the width of the terminal', () => {
    const stream = new Recorder(true, 30);
    const progress = new Progress({ total: 3, label: 'a long label', stream, now: () => 0 });
    progress.update(1, { loss: 1 });
    expect(stream.screen[0]).toHaveLength(29);
  });

  test('messages stand above the bar', () => {
    const stream = new Recorder(true);
    const { now, advance } = clock();
    const progress = new Progress({ total: 4, stream, now });
    advance(500);
    progress.update(2);
    progress.message('validation 3.2');
    progress.finish('saved');
    expect(stream.screen).toEqual(['validation 3.2', 'saved', '']);
  });
});

test('time left follows the newest speed more than the first', () => {
  const stream = new Recorder(false);
  const { now, advance } = clock();
  const progress = new Progress({ total: 100, stream, now, plainIntervalMs: 1 });
  advance(60_000);
  progress.update(1);
  for (let step = 2; step <= 50; step++) {
    advance(1000);
    progress.update(step);
  }
  expect(stream.text.trimEnd().split('\n').at(-1)).toBe(' 50 %  50/100  50.0 s left');
});

test('what was done before the first update counts for no speed', () => {
  const stream = new Recorder(false);
  const { now, advance } = clock();
  const progress = new Progress({ total: 1000, stream, now, plainIntervalMs: 1 });
  advance(1);
  progress.update(900, { tokens: 90_000 });
  advance(1000);
  progress.update(901, { tokens: 90_100 });
  expect(stream.text.split('\n')[1]).toBe(' 90 %  901/1,000  100 tokens/s  1 min 39 s left');
});

test('nothing to do is complete', () => {
  const stream = new Recorder(false);
  const progress = new Progress({ total: 0, stream, now: () => 0 });
  progress.update(0);
  expect(stream.text).toBe('100 %  0/0  0 ms\n');
});
