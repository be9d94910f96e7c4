import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Journal, readJournal } from '../../lib/experiments/journal/journal.js';
import { runLegs } from '../../lib/experiments/journal/run-legs.js';
import type { AttemptEnd, Leg } from '../../lib/experiments/journal/run-legs.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
afterAll(() => folder[Symbol.dispose]());

const legs: Leg[] = ['0001', '0002', '0003', '0004'].map((run) => ({ run, stage: 'trials' }));
const finish = (run: string): AttemptEnd => ({
  status: 'finished',
  step: 4,
  tokens: 128,
  figures: { 'validation/loss': Number(run) / 2 },
});

describe('a journal', () => {
  test('gives back what was written, numbers that JSON does not know too', () => {
    const journal = Journal.open(at('numbers'));
    journal.append({ type: 'finished', figures: { loss: NaN, other: Infinity } });
    journal.close();
    expect(readJournal(at('numbers'))).toEqual([{ type: 'finished', figures: { loss: NaN, other: Infinity } }]);
  });

  test('cuts off a torn line, and goes on behind the one before', () => {
    writeFileSync(at('torn'), '{"type":"a"}\n{"type":"b');
    expect(readJournal(at('torn'))).toEqual([{ type: 'a' }]);
    const journal = Journal.open(at('torn'));
    journal.append({ type: 'c' });
    journal.close();
    expect(readFileSync(at('torn'), 'utf8')).toBe('{"type":"a"}\n{"type":"c"}\n');
  });

  test('a damaged line before the last is an error that names it', () => {
    writeFileSync(at('damaged'), '{"type":"a"}\n{"typ\n{"type":"c"}\n');
    expect(() => Journal.open(at('damaged'))).toThrow(/line 2 of .*damaged to be an entry/);
    appendFileSync(at('damaged'), '[]\n');
    expect(() => readJournal(at('damaged'))).toThrow(/\[PAL_FILE\] Journal: expected line 2/);
  });
});

describe('the legs of a stage', () => {
  const run = async (path: string, execute: (leg: Leg) => AttemptEnd, workers = 1, some = legs) => {
    const journal = Journal.open(path);
    const asked: string[] = [];
    const ends = await runLegs(some, {
      journal,
      workers,
      execute: async (leg) => {
        asked.push(leg.run);
        await Promise.resolve();
        return execute(leg);
      },
    }).finally(() => journal.close());
    return { ends, asked };
  };

  test.each([1, 2, 4])('%d workers reach the same ends in the same order', async (workers) => {
    const { ends, asked } = await run(at(`workers-${workers}`), ({ run: name }) => finish(name), workers);
    expect([...ends!.keys()]).toEqual(legs.map(({ run: name }) => name));
    expect(ends!.get('0003')).toEqual({ ...finish('0003') });
    expect(asked).toHaveLength(4);
  });

  test('a kill within the journal repeats at most the torn leg, and ends at the same table', async () => {
    const two = legs.slice(0, 2);
    const whole = await run(at('whole'), ({ run: name }) => finish(name), 1, two);
    const bytes = readFileSync(at('whole'));
    for (let cut = 0; cut <= bytes.length; cut += 3) {
      writeFileSync(at('cut'), bytes.subarray(0, cut));
      const done = readJournal(at('cut')).filter(({ type }) => type === 'finished').length;
      const { ends, asked } = await run(at('cut'), ({ run: name }) => finish(name), 1, two);
      expect(ends).toEqual(whole.ends);
      expect(asked).toEqual(two.slice(done).map(({ run: name }) => name));
    }
  });

  test('what fails is tried once more, then recorded; what diverged is not; the others go on', async () => {
    const attempts = new Map<string, number>();
    const execute = ({ run: name }: Leg): AttemptEnd => {
      const attempt = (attempts.get(name) ?? 0) + 1;
      attempts.set(name, attempt);
      if (name === '0001' && attempt === 1) return { status: 'failed', error: 'once' };
      if (name === '0002') return { status: 'failed', error: 'always' };
      if (name === '0003') return { status: 'diverged', error: 'the loss is NaN' };
      return finish(name);
    };
    const { ends } = await run(at('failing'), execute);
    expect([...ends!.values()].map(({ status }) => status)).toEqual(['finished', 'failed', 'diverged', 'finished']);
    expect([...attempts.values()]).toEqual([2, 2, 1, 1]);
    const again = await run(at('failing'), execute);
    expect([again.asked, again.ends]).toEqual([[], ends]);
  });

  test('more than half failing stops it, and what failed is tried again when it is resumed', async () => {
    const broken = run(at('broken'), () => ({ status: 'failed', error: 'the disk is full.' }));
    await expect(broken).rejects.toThrow(/3 of 4 that failed twice.*Run 0001 says: the disk is full/s);
    const { ends, asked } = await run(at('broken'), ({ run: name }) => finish(name));
    expect(asked).toHaveLength(4);
    expect([...ends!.values()].every(({ status }) => status === 'finished')).toBe(true);
  });

  test('a signal ends it after the leg under way, which goes on when it is resumed', async () => {
    copyFileSync(at('torn'), at('stopped'));
    const stopped = await run(at('stopped'), ({ run: name }) =>
      name === '0002' ? { status: 'interrupted' } : finish(name),
    );
    expect([stopped.ends, stopped.asked]).toEqual([undefined, ['0001', '0002']]);
    expect((await run(at('stopped'), ({ run: name }) => finish(name))).asked).toEqual(['0002', '0003', '0004']);
  });
});
