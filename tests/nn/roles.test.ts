import { describe, expect, test } from '@jest/globals';
import { Embedding, Linear, Module, parameter } from '../../lib/nn/index.js';
import { createDecayGroups, createMuonGroups } from '../../lib/optim/index.js';
import { randn, zeros } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

/** A module with a gate that looks like a matrix, and the two factors of an adapter. */
class Adapted extends Module {
  readonly embedding = new Embedding(7, 4);
  readonly base = new Linear(4, 4);
  gate = parameter(zeros([4, 1]), { kind: 'scalar' });
  a = parameter(randn([2, 4]), { kind: 'vector', rateScale: 2 });
  b = parameter(zeros([4, 2]), { kind: 'vector', weightDecay: 0.05, rateScale: 2 });
  /** No name says that this is the head. */
  readonly out = new Linear(4, 7, { role: { kind: 'head' } });
}

const list = (groups: ReturnType<typeof createMuonGroups>) =>
  groups.map(({ parameters, weightDecay, learningRateScale, useMuon }) => [
    Object.keys(parameters),
    [weightDecay, learningRateScale, useMuon],
  ]);

describe('roles decide the group of a parameter', () => {
  test('Muon takes hidden matrices alone: no gate, no factor of an adapter, no head, no embedding', () => {
    expect(list(createMuonGroups(new Adapted(), { weightDecay: 0.1, adamwScale: 0.5 }))).toEqual([
      [['base.weight'], [0.1, 1, true]],
      [
        ['embedding.weight', 'out.weight'],
        [0.1, 0.5, false],
      ],
      [
        ['gate', 'base.bias', 'out.bias'],
        [0, 0.5, false],
      ],
      [['a'], [0, 1, false]],
      [['b'], [0.05, 1, false]],
    ]);
  });

  test('weight decay and rate are those of the role where it names them', () => {
    expect(list(createDecayGroups(new Adapted().namedParameters(), 0.1))).toEqual([
      [
        ['embedding.weight', 'base.weight', 'out.weight'],
        [0.1, 1, false],
      ],
      [
        ['gate', 'base.bias', 'out.bias'],
        [0, 1, false],
      ],
      [['a'], [0, 2, false]],
      [['b'], [0.05, 2, false]],
    ]);
  });

  test('survive a move to another dtype', () => {
    const model = new Adapted().to({ dtype: 'bfloat16' });
    const [hidden] = createMuonGroups(model, { weightDecay: 0.1 });
    expect(Object.keys(hidden!.parameters)).toEqual(['base.weight']);
  });

  test('frozen parameters are in no group', () => {
    const model = new Adapted();
    model.base.freeze();
    const names = createMuonGroups(model, { weightDecay: 0 }).flatMap(({ parameters }) => Object.keys(parameters));
    expect(names.sort()).toEqual(['a', 'b', 'embedding.weight', 'gate', 'out.bias', 'out.weight']);
  });

  test('a tensor without a role is refused', () => {
    expect(() => createDecayGroups({ w: zeros([2, 2], { requiresGrad: true }) }, 0.1)).toThrow(
      /\[PAL_ARGUMENT\] createDecayGroups: expected a role of w, received a tensor without one.*parameter\(/,
    );
  });
});
