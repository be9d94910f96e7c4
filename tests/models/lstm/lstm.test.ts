import { describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel, lstmConfigSchema, lstmPresets } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { allclose, eye, manualSeed, noGrad, program, randn, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const ids = () =>
  tensor(
    [
      [1, 2, 3],
      [3, 2, 1],
    ],
    { dtype: 'int64' },
  );
const evaluating = { training: false };

describe('LstmLanguageModel', () => {
  test('has 4,773,140 parameters at a vocabulary of 10,004', () => {
    const model = new LstmLanguageModel({ vocabSize: 10_004, ...lstmPresets.standard });
    expect(model.parameterCount()).toBe(4_773_140);
    expect(model.to({ dtype: 'bfloat16' }).parameterCount()).toBe(4_773_140);
    expect(model.config).toEqual({
      vocabSize: 10_004,
      embeddingDim: 128,
      width: 256,
      layers: 2,
      dropout: 0.3,
      dropoutMask: 'token',
      recurrentDropout: 0,
      tied: false,
      vocabMultiple: 8,
    });
    expect([model.embedding.weight.shape, model.head.weight.shape]).toEqual([
      [10_008, 128],
      [10_008, 256],
    ]);
    model.dispose();
    const plain = new LstmLanguageModel({ vocabSize: 10_004 });
    expect([plain.parameterCount(), plain.head.weight.shape[0]]).toEqual([4_773_140, 10_004]);
    plain.dispose();
  });

  describe.each([{ tied: false }, { tied: true }])('with padded rows, %j', (options) => {
    const sizes = { vocabSize: 13, embeddingDim: 6, width: 8, dropout: 0, ...options } as const;
    const targets = () => ids().flip([1]);

    test('gives the logits and losses of the model without them', () => {
      manualSeed(3);
      const padded = new LstmLanguageModel({ ...sizes, vocabMultiple: 8 });
      const plain = new LstmLanguageModel(sizes);
      noGrad(() => {
        for (const [name, value] of Object.entries(plain.stateDict()))
          value.copy_(padded.stateDict()[name]!.narrow(0, 0, value.shape[0]!));
      });
      expect(padded.parameterCount()).toBe(plain.parameterCount());
      const logits = padded.forward(ids(), evaluating);
      expect(logits.shape).toEqual([2, 3, 13]);
      expect(allclose(logits, plain.forward(ids(), evaluating), { atol: 1e-6 })).toBe(true);
      const terms = { labelSmoothing: 0.1 };
      const losses = [padded, plain].map((model) => model.loss(ids(), targets(), evaluating, terms).lossSum.item());
      expect(losses[0]).toBeCloseTo(losses[1]!, 5);
    });

    test('leaves them at zero in training', () => {
      const model = new LstmLanguageModel({ ...sizes, vocabMultiple: 8 });
      const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate: 0.1 });
      for (let step = 0; step < 3; step++) {
        optimizer.zeroGrad();
        model.accumulateGradients(ids(), targets(), { training: true }, { labelSmoothing: 0.1 });
        optimizer.step();
      }
      const rows = [model.embedding.weight, model.head.weight, model.head.bias!].map((table) => table.narrow(0, 13, 3));
      for (const row of rows) expect(row.abs().max().item()).toBe(0);
    });
  });

  test('every recurrent gate starts orthogonal, every input gate within its bound, the forget gate at 1', () => {
    manualSeed(0);
    const model = new LstmLanguageModel({ vocabSize: 10 });
    for (const layer of model.lstm.layers) {
      for (const gate of layer.hiddenWeight.detach().to('float64').chunk(4, 0)) {
        const deviation = gate.transpose(0, 1).matmul(gate).sub(eye(256));
        expect(deviation.norm().item()).toBeLessThan(1e-5);
      }
      const bound = Math.sqrt(6 / (layer.inputSize + 256));
      for (const gate of layer.inputWeight.detach().chunk(4, 0)) {
        expect(gate.abs().max().item()).toBeLessThanOrEqual(bound);
        expect(gate.abs().max().item()).toBeGreaterThan(0.99 * bound);
      }
      const biases = layer.inputBias.add(layer.hiddenBias).chunk(4, 0);
      expect(biases.map((gate) => [gate.min().item(), gate.max().item()])).toEqual([
        [0, 0],
        [1, 1],
        [0, 0],
        [0, 0],
      ]);
    }
  });

  test('the initial loss is near ln V', () => {
    manualSeed(0);
    const model = new LstmLanguageModel({ vocabSize: 500 });
    const { lossSum, count } = noGrad(() => model.loss(ids(), ids(), evaluating));
    expect(Math.abs(lossSum.item() / count.item() - Math.log(500))).toBeLessThan(0.1 * Math.log(500));
  });

  test('the minimal preset has one layer of 128 units', () => {
    const model = new LstmLanguageModel({ vocabSize: 65, ...lstmPresets.minimal });
    expect(model.parameterCount()).toBe(65 * 128 + 4 * 128 * 256 + 2 * 512 + 128 * 65 + 65);
  });

  test('every setting has a description', () => {
    for (const schema of Object.values(lstmConfigSchema.shape)) expect(schema.description).toMatch(/^[A-Z].+\.$/);
  });

  test('starts as specified', () => {
    manualSeed(0);
    const model = new LstmLanguageModel({ vocabSize: 500 });
    expect(model.embedding.weight.std().item()).toBeCloseTo(0.01, 3);
    const bound = Math.sqrt(6 / (256 + 500));
    expect(model.head.weight.abs().max().item()).toBeLessThanOrEqual(bound);
    expect(model.head.weight.abs().max().item()).toBeGreaterThan(0.99 * bound);
    expect(model.head.bias!.abs().max().item()).toBe(0);
    expect(model.lstm.layers[1]!.inputBias.tolist()).toEqual([0, 1, 0, 0].flatMap((bias) => Array(256).fill(bias)));
  });

  test('a tied output has a map to the width of the table', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, embeddingDim: 6, width: 8, tied: true });
    expect(model.head.weight).toBe(model.embedding.weight);
    expect(model.projection!.weight.shape).toEqual([6, 8]);
    expect(model.forward(ids(), evaluating).shape).toEqual([2, 3, 20]);
  });

  test('dropout acts in training only', () => {
    const model = new LstmLanguageModel({ vocabSize: 20 });
    const run = (training: boolean) => noGrad(() => model.forward(ids(), { training })).tolist();
    expect(run(false)).toEqual(run(false));
    expect(run(true)).not.toEqual(run(true));
  });

  test('variational dropout drops the same units at every token, another set in each sequence', () => {
    manualSeed(1);
    const lstm = new LstmLanguageModel({ vocabSize: 20, width: 64, layers: 1, dropout: 0.5, dropoutMask: 'sequence' })
      .lstm;
    const { output } = lstm.forward(randn([2, 5, 128]), undefined, { training: true });
    const zeroed = output.eq(0).tolist() as unknown as boolean[][][];
    for (const row of zeroed) for (const token of row) expect(token).toEqual(row[0]);
    expect(zeroed[0]![0]).not.toEqual(zeroed[1]![0]);
    expect(zeroed[0]![0]!.filter(Boolean).length).toBeGreaterThan(15);
  });

  test('recurrent dropout acts in training only, and its gradient skips what was dropped', () => {
    manualSeed(1);
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8, layers: 1, dropout: 0, recurrentDropout: 0.5 });
    const run = (training: boolean) => noGrad(() => model.forward(ids(), { training })).tolist();
    expect(run(false)).toEqual(run(false));
    expect(run(true)).not.toEqual(run(true));
    model.accumulateGradients(ids(), ids(), { training: true });
    const zeros = model.lstm.layers[0]!.hiddenWeight.grad!.eq(0).sum().item();
    expect(zeros).toBeGreaterThan(80);
    expect(zeros).toBeLessThan(180);
  });

  test('trains under autocast in bfloat16', () => {
    manualSeed(1);
    const model = new LstmLanguageModel({ vocabSize: 20, width: 16, dropout: 0 });
    const passes = [undefined, 'bfloat16' as const].map((autocast) => {
      model.zeroGrad();
      const { lossSum } = model.accumulateGradients(ids(), ids(), { training: true }, { autocast });
      return { loss: lossSum.item(), grads: model.parameters().map(({ grad }) => grad!.clone()) };
    });
    expect(passes[1]!.loss / passes[0]!.loss).toBeCloseTo(1, 2);
    passes[1]!.grads.forEach((grad, i) => {
      const exact = passes[0]!.grads[i]!;
      expect(grad.dtype).toBe('float32');
      expect(grad.sub(exact).norm().item() / exact.norm().item()).toBeLessThan(2e-2);
    });
  });

  test('packed documents start with a fresh state and see nothing of each other', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8 });
    const documents = tensor([[0, 0, 1], [5, 6, 6]], { dtype: 'int64' }); // prettier-ignore
    const positions = tensor([[0, 1, 0], [0, 0, 1]], { dtype: 'int64' }); // prettier-ignore
    const packed = noGrad(() => model.forward(ids(), { ...evaluating, documents, positions }));
    const alone = (row: number, from: number, length: number) =>
      noGrad(() => model.forward(ids().narrow(0, row, 1).narrow(1, from, length), evaluating));
    const part = (row: number, from: number, length: number) => packed.narrow(0, row, 1).narrow(1, from, length);
    const places: [row: number, from: number, length: number][] = [
      [0, 0, 2],
      [0, 2, 1],
      [1, 0, 1],
      [1, 1, 2],
    ];
    for (const place of places) expect(allclose(part(...place), alone(...place), { atol: 1e-6 })).toBe(true);
  });

  test('a reserved state is carried by a recorded training step, and starts anew on reset', async () => {
    manualSeed(4);
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8, dropout: 0 });
    const state = model.newState(2);
    state.reserve();
    const step = program(
      (inputs: Tensor) => model.accumulateGradients(inputs, inputs, { training: true, state }).lossSum,
    );
    const losses = [];
    for (let i = 0; i < 3; i++) losses.push((await step.run(ids())).item());
    const eager = model.newState(2);
    const expected = [0, 1, 2].map(() => model.loss(ids(), ids(), { training: true, state: eager }).lossSum.item());
    losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected[i]!, 5));
    expect(losses[1]).not.toBe(losses[0]);
    state.reset();
    expect(state.length).toBe(0);
    expect((await step.run(ids())).item()).toBe(losses[0]);
    step.dispose();
  });

  test('its state counts tokens and bytes', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8 });
    const state = model.newState(2);
    expect([state.length, state.bytes]).toEqual([0, 0]);
    model.forward(ids(), { ...evaluating, state });
    expect([state.length, state.bytes]).toEqual([3, 2 * (2 * 2 * 8) * 4]);
    const fork = state.fork(3);
    expect([fork.length, fork.bytes]).toEqual([3, 3 * state.bytes]);
    fork.dispose();
    state.dispose();
    expect(state.bytes).toBe(0);
  });

  test('refuses what it cannot do', () => {
    const model = new LstmLanguageModel({ vocabSize: 20, width: 8 });
    const rows = zeros([2, 3], { dtype: 'int64' });
    expect(() => model.forward(ids(), { ...evaluating, positions: rows })).toThrow(/\[PAL_UNSUPPORTED\].*positions/);
    const both = { ...evaluating, documents: rows, state: model.newState(2) };
    expect(() => model.forward(ids(), both)).toThrow(/\[PAL_UNSUPPORTED\].*documents without a state/);
    expect(() => new LstmLanguageModel({ vocabSize: 20, dropoutMask: 'word' as never })).toThrow(/dropoutMask/);
    expect(() => model.forward(ids(), { ...evaluating, state: model.newState(3) })).toThrow(
      /\[PAL_SHAPE\].*batch of 3/,
    );
    const stranger = new Gpt({ vocabSize: 5, width: 4, heads: 1 }).newState(2);
    expect(() => model.forward(ids(), { ...evaluating, state: stranger })).toThrow(/a state of newState.*GptState/);
  });
});
