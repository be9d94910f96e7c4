import { beforeAll, expect, test } from '@jest/globals';
import { resolve } from 'node:path';
import { floatTypes } from '../helpers/element-types.js';
import { describeWithPython, python } from '../helpers/python.js';

const library = resolve('build/Release/libpalabra_ops.so');

/** What tests/parity/ops.py says of one check. */
interface Outcome {
  cases: number;
  failures: string[];
}

const operators = [
  'rms_norm',
  'rotary',
  'swiglu',
  'linear',
  'quantized_linear',
  'linear_cross_entropy',
  'dropout',
  'causal_attention',
];
const backwardOperators = [
  'rms_norm_backward',
  'rotary_backward',
  'linear_backward',
  'quantized_linear_backward',
  'linear_cross_entropy_gradients',
  'dropout_backward',
  'causal_attention_backward',
];
/** Their arguments are no numbers that a gradient could flow to. */
const withoutGradient = ['dequantize'];
const formulas = [
  ...floatTypes.flatMap((dtype) => [...[`rms_norm ${dtype}`, `rotary ${dtype}`, `swiglu ${dtype}`, `linear ${dtype}`]]),
  ...floatTypes.map((dtype) => `quantized_linear ${dtype}`),
  ...floatTypes.flatMap((dtype) => [`causal_attention ${dtype}`, `causal_attention ${dtype}, long`]),
  ...floatTypes.map((dtype) => `linear_cross_entropy ${dtype}, weight ${dtype}`),
  ...['bfloat16', 'float16'].map((dtype) => `linear_cross_entropy ${dtype}, weight float32`),
];

const checks: Record<string, string[]> = {
  gradcheck: [...operators, 'rotary_backward', 'quantized_linear_backward'],
  opcheck: [...operators, ...backwardOperators, ...withoutGradient],
  formula: formulas,
  cancellation: floatTypes.map((dtype) => `rms_norm ${dtype}`),
  dropout: ['draws', 'rate', 'default generator'],
};

const promises = [
  'random state',
  'threads',
  'runs of tokens',
  'count',
  'second backward',
  'no grad',
  'frozen weight',
  'autocast',
  'errors',
  'second derivatives',
  'kernels',
  'loaded twice',
];

describeWithPython('the operator library in PyTorch', () => {
  let outcomes: Record<string, Outcome>;

  beforeAll(() => {
    outcomes = python('tests/parity/ops.py', { input: { library } }).json as Record<string, Outcome>;
  });

  const named = [
    ...Object.entries(checks).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`)),
    ...promises,
  ];

  test.each(named)('%s', (name) => {
    const outcome = outcomes[name];
    expect(outcome?.failures).toEqual([]);
    expect(outcome?.cases).toBeGreaterThan(0);
  });

  test('every check of the script is asserted here', () => {
    expect(Object.keys(outcomes).sort()).toEqual([...named].sort());
  });

  test('every operator on tensors has an Autograd, a CPU and a Meta kernel', () => {
    expect(outcomes.kernels?.cases).toBe(operators.length + backwardOperators.length + withoutGradient.length);
  });
});
