import { expect, test } from '@jest/globals';
import { measureDeletions } from '../../../lib/evaluation/index.js';
import { collectPhi, findPhiLayer, phiComponents } from '../../../lib/inspection/index.js';
import { Gpt, Infinito } from '../../../lib/models/index.js';
import { manualSeed, noGrad, scope, tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const ids = Array.from({ length: 16 }, (_, i) => (7 * i * i + 3 * i) % 11);
const toBatch = (rows: number[][]) => tensor(rows, { dtype: 'int64' });

function createModel() {
  manualSeed(4);
  const memory = {
    type: 'slots',
    slots: 4,
    chunkLength: 4,
    gate: { type: 'dynamic', bias: 0 },
    threshold: 0.1,
  } as const;
  return new Infinito({ vocabSize: 11, segmentLength: 16, width: 8, layers: 3, heads: 2, memory });
}

test('phi at chunk ends, at the layer before the memory, is the phi that the memory keeps', () => {
  const model = createModel();
  const layers = collectPhi(model, toBatch([ids]));
  const layer = findPhiLayer(model, layers);
  expect([layers.map(({ name }) => name), layer]).toEqual([['blocks.0', 'blocks.1', 'blocks.2'], 1]);
  const state = model.newState(1);
  // The last token would end the segment, and its chunks would go.
  noGrad(() => scope(() => void model.forward(toBatch([ids.slice(0, 15)]), { training: false, state })));
  const kept = (state.tensors()['chunks.phi']!.tolist() as number[][])[0]!;
  const measured = [3, 7, 11].map((at) => layers[layer]!.phi[0]![at]!);
  for (const [i, value] of measured.entries()) expect(value).toBeCloseTo(kept[i]!, 6);
  expect(new Set(measured).size).toBe(3);
});

test('a value reads its prefix alone and its row alone; components lie in [0, 1]', () => {
  const model = createModel();
  const other = [...ids.slice(0, 9), ...ids.slice(9).map((id) => (id + 5) % 11)];
  const [first, both] = [collectPhi(model, toBatch([ids])), collectPhi(model, toBatch([other, ids]))];
  for (const [i, layer] of first.entries()) {
    expect(layer.phi[0]!.slice(0, 9)).toEqual(both[i]!.phi[0]!.slice(0, 9).map((value) => expect.closeTo(value, 6)));
    expect(layer.phi[0]!.at(-1)).not.toBeCloseTo(both[i]!.phi[0]!.at(-1)!, 6);
    expect(layer.phi[0]).toEqual(both[i]!.phi[1]!.map((value) => expect.closeTo(value, 6)));
    for (const name of phiComponents) {
      for (const value of layer.components[name][0]!) expect(value >= 0 && value <= 1 + 1e-6).toBe(true);
    }
  }
});

test('a deletion is phi of the whole less phi of the rest', () => {
  const model = createModel();
  const layer = 1;
  const last = (row: number[]) => collectPhi(model, toBatch([row]))[layer]!.phi[0]!.at(-1)!;
  const rest = ids.filter((_, i) => i !== 5);
  expect(measureDeletions(model, ids)[5]).toBeCloseTo(last(ids) - last(rest), 6);
});

test('models without states and rows beyond a segment are refused', () => {
  const gpt = new Gpt({ vocabSize: 11, contextLength: 16, width: 8, layers: 1, heads: 2 });
  expect(() => collectPhi(gpt, toBatch([ids]))).toThrow(expect.objectContaining({ code: 'PAL_UNSUPPORTED' }));
  const long = toBatch([[...ids, 1]]);
  expect(() => collectPhi(createModel(), long)).toThrow(expect.objectContaining({ code: 'PAL_SHAPE' }));
});
