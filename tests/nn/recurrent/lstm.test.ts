import { describe, expect, test } from '@jest/globals';
import { LSTM, LSTMLayer } from '../../../lib/nn/index.js';
import { allclose, eye, manualSeed, matmul, noGrad, randn, tensor, zeros } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

describe('LSTMLayer', () => {
  test('starts orthogonal per gate, with a forget bias of 1 in one of two vectors', () => {
    const layer = new LSTMLayer(3, 2);
    expect(layer.inputBias.tolist()).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(layer.hiddenBias.tolist()).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    const forget = layer.hiddenWeight.detach().narrow(0, 2, 2);
    expect(allclose(matmul(forget, forget.transpose(0, 1)), eye(2), { atol: 1e-5 })).toBe(true);
    const bound = Math.sqrt(6 / (3 + 2));
    expect(Number(layer.inputWeight.abs().max().item())).toBeLessThanOrEqual(bound);
  });

  test('one step by hand, gates in the order input, forget, cell, output', () => {
    const layer = new LSTMLayer(1, 1);
    noGrad(() => {
      layer.inputWeight.copy_(tensor([[0.1], [0.2], [0.3], [0.4]]));
      layer.hiddenWeight.copy_(tensor([[0.5], [0.6], [0.7], [0.8]]));
    });
    const state = { hidden: tensor([[[0.5]]]), cell: tensor([[[-0.25]]]) };
    const { output, state: after } = layer.forward(tensor([[[2]]]), state);
    const gate = (w: number, u: number, b: number) => 2 * w + 0.5 * u + b;
    const cell = sigmoid(gate(0.2, 0.6, 1)) * -0.25 + sigmoid(gate(0.1, 0.5, 0)) * Math.tanh(gate(0.3, 0.7, 0));
    const hidden = sigmoid(gate(0.4, 0.8, 0)) * Math.tanh(cell);
    expect(after.cell.item()).toBeCloseTo(cell, 6);
    expect(after.hidden.item()).toBeCloseTo(hidden, 6);
    expect(output.item()).toBeCloseTo(hidden, 6);
  });
});

describe('LSTM', () => {
  test('two halves with the state carried over equal the whole', () => {
    const lstm = new LSTM(3, 4, { layers: 2 });
    const x = randn([2, 6, 3]);
    const whole = lstm.forward(x);
    const first = lstm.forward(x.narrow(1, 0, 2));
    const second = lstm.forward(x.narrow(1, 2, 4), first.state);
    expect(allclose(second.output, whole.output.narrow(1, 2, 4), { atol: 1e-6 })).toBe(true);
    expect(allclose(second.state.cell, whole.state.cell, { atol: 1e-6 })).toBe(true);
    expect(whole.state.hidden.shape).toEqual([2, 2, 4]);
  });

  test('dropout also follows the last layer', () => {
    manualSeed(5);
    const lstm = new LSTM(2, 64, { dropout: 0.5 });
    const x = randn([1, 8, 2]);
    const zeroed = (training: boolean) =>
      [...(lstm.forward(x, undefined, { training }).output.data() as Float32Array)].filter((value) => value === 0)
        .length;
    expect(zeroed(true)).toBeGreaterThan(150);
    expect(zeroed(false)).toBe(0);
  });

  test('gradients reach every weight, in training and outside it', () => {
    for (const training of [true, false]) {
      const lstm = new LSTM(2, 3, { layers: 2 }).train(training);
      lstm
        .forward(randn([1, 4, 2]))
        .output.sum()
        .backward();
      for (const weight of lstm.parameters()) expect(Number(weight.grad!.abs().max().item())).toBeGreaterThan(0);
    }
  });

  test('trains in float16 too', () => {
    manualSeed(7);
    const [exact, short] = [new LSTM(2, 3, { layers: 2 }), new LSTM(2, 3, { layers: 2 }).to({ dtype: 'float16' })];
    short.loadStateDict(exact.stateDict());
    const x = randn([2, 4, 2]);
    const gradients = [exact, short].map((lstm) => {
      const { output, state } = lstm.forward(x.to(lstm.layers[0]!.inputWeight.dtype));
      expect([output.dtype, state.cell.dtype]).toEqual(Array(2).fill(lstm.layers[0]!.inputWeight.dtype));
      output.sum().backward();
      return lstm.layers[0]!.inputWeight.grad!.to('float32');
    });
    expect(gradients[1]!.sub(gradients[0]!).norm().div(gradients[0]!.norm()).item()).toBeLessThan(1e-2);
  });

  test('counts as libtorch does, with two bias vectors', () => {
    expect(new LSTM(128, 256, { layers: 2 }).parameterCount()).toBe(921_600);
  });

  test('refuses another width', () => {
    expect(() => new LSTM(2, 3).forward(zeros([1, 1, 5]))).toThrow(/\[PAL_SHAPE\] LSTM\.forward/);
  });
});
