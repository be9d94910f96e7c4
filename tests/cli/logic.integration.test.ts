import { describe, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';

describe('palabra logic', () => {
  test('verify names the fallacy and what speaks against it', async () => {
    const { status, stdout } = await palabra(['logic', 'verify', 'p -> q', 'q', '--conclusion', 'p']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/verdict +formal fallacy: affirming the consequent\nbut +p false, q true/);
  });

  test('verify tells what a valid argument does without; --strict ends with 2 where nothing follows', async () => {
    const valid = ['logic', 'verify', 'p => q', 'p', 'r', '--conclusion', 'q', '--strict'];
    expect(await palabra(valid)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/valid: modus ponens\nnote +premise 3 is not needed/),
    });
    expect((await palabra(['logic', 'verify', 'p', '--conclusion', 'q', '--strict'])).status).toBe(2);
  });

  test('verify --json is the verdict with its formulas', async () => {
    const { stdout } = await palabra(['logic', 'verify', '~p | q', 'p', '--conclusion', 'q', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      premises: ['¬p ∨ q', 'p'],
      conclusion: 'q',
      status: 'valid',
      form: 'disjunctiveSyllogism',
      flags: { inconsistentPremises: false },
    });
  });

  test('equivalent shows where formulas differ', async () => {
    const same = await palabra(['logic', 'equivalent', 'p -> q', '~q -> ~p', '--strict']);
    expect(same).toMatchObject({ status: 0, stdout: 'p → q and ¬q → ¬p are equivalent\n' });
    const other = await palabra(['logic', 'equivalent', 'p->q', 'q->p', '--strict']);
    expect(other).toMatchObject({ status: 2, stdout: 'p → q and q → p differ where p true, q false\n' });
  });

  test('simplify and table', async () => {
    expect((await palabra(['logic', 'simplify', 'p & (p | q)'])).stdout).toBe('p\n');
    const { stdout } = await palabra(['logic', 'table', 'p & q']);
    expect(stdout.split('\n').slice(2)).toEqual([
      '0  0      0',
      '0  1      0',
      '1  0      0',
      '1  1      1',
      'true in 1 of 4 rows',
      '',
    ]);
    const wide = Array.from({ length: 13 }, (_, i) => `p${i}`).join('&');
    expect(await palabra(['logic', 'table', wide])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('12 atoms'),
    });
  });

  test('what is no formula is told with its place', async () => {
    const { status, stderr } = await palabra(['logic', 'simplify', 'p → q.']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/position 5, received "\."/);
  });
});
