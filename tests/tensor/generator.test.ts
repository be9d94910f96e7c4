import { describe, expect, test } from '@jest/globals';
import { Generator, randn, scope } from '../../lib/tensor/index.js';

const draw = (generator: Generator): unknown => scope(() => randn([4], { generator }).tolist());

describe('Generator', () => {
  test('gives the stream of its seed', () => {
    const [a, b, c] = [new Generator(7), new Generator(7), new Generator(8)];
    const first = draw(a);
    expect(draw(b)).toEqual(first);
    expect(draw(c)).not.toEqual(first);
    expect(draw(a)).not.toEqual(first);
    expect([a.seed, a.manualSeed(9n).seed]).toEqual([7n, 9n]);
    for (const one of [a, b, c]) one.dispose();
  });

  test('continues from a state', () => {
    using a = new Generator(1);
    draw(a);
    const state = a.state();
    const next = draw(a);
    expect(draw(a)).not.toEqual(next);
    a.setState(state);
    expect(draw(a)).toEqual(next);
  });

  test('refuses bad seeds, bad states and use after dispose', () => {
    const a = new Generator();
    expect(() => new Generator(0.5)).toThrow(/PAL_ARGUMENT/);
    expect(() => a.setState('x' as never)).toThrow(/PAL_ARGUMENT/);
    expect(() => a.setState(new Uint8Array(3))).toThrow(/\[PAL_/);
    a.dispose();
    a.dispose();
    expect(() => a.seed).toThrow(/\[PAL_/);
    expect(() => draw(a)).toThrow(/\[PAL_/);
  });

  test('is known by its brand', () => {
    using a = new Generator();
    expect([Generator.isGenerator(a), Generator.isGenerator({ id: 1 })]).toEqual([true, false]);
  });
});
