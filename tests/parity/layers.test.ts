import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  CausalSelfAttention,
  resolveAttention,
  Embedding,
  GeluMlp,
  LSTM,
  LayerNorm,
  Linear,
  RMSNorm,
  ReluSquaredMlp,
  RotaryPositions,
  SwigluMlp,
  fanInUniform,
  tokenLoss,
} from '../../lib/nn/index.js';
import type { DifferentialAttention, Module, SelfAttentionOptions } from '../../lib/nn/index.js';
import { manualSeed, randint, randn, randnLike, saveSafetensors, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { describeWithPython, python } from '../helpers/python.js';

/** The mark: the largest difference over the largest value, in float32. */
const MARK = 1e-5;

/** A layer, its inputs, and how it is called. */
interface Case {
  module?: Module;
  inputs: Record<string, Tensor>;
  forward: (...inputs: Tensor[]) => Tensor;
}

const [B, T, C] = [3, 7, 16];
const x = () => randn([B, T, C]);
const initializers = { initialize: fanInUniform, initializeOutput: fanInUniform };
const mlp = { width: C, hiddenWidth: 40, bias: false, ...initializers };

function attentionCase(bias: boolean, options: Partial<SelfAttentionOptions> = {}, rotates = true): Case {
  const sizes = { width: C, heads: 4, kvHeads: 2, bias, dropout: 0, ...initializers };
  const module = new CausalSelfAttention({ ...sizes, ...options });
  const rotary = rotates ? new RotaryPositions(C / 4 / module.softmaxMaps, 32).at(0, T) : undefined;
  return { module, inputs: { x: x() }, forward: (input) => module.forward(input, { training: true, rotary }) };
}

function differentialCase(): Case {
  const made = attentionCase(false, { attention: resolveAttention({ type: 'differential', eps: 1e-5 }), layer: 3 });
  perturbed(((made.module as CausalSelfAttention).kernel as DifferentialAttention).norm);
  return made;
}

function layerCase<M extends Module & { forward: (input: Tensor) => Tensor }>(module: M, input = x()): Case {
  return { module, inputs: { x: input }, forward: (value) => module.forward(value) };
}

function lstmCase(): Case {
  const module = new LSTM(C, 12, { layers: 2 });
  return { module, inputs: { x: x() }, forward: (input) => module.forward(input).output };
}

function lossCase(): Case {
  const targets = tensor(
    [
      [1, 2, -100],
      [0, 4, 3],
    ],
    { dtype: 'int64' },
  );
  return {
    inputs: { x: randn([2, 3, 5]), targets },
    forward: (logits, ids) => tokenLoss(logits, ids, { labelSmoothing: 0.1 }),
  };
}

/** Layers with vectors that are not at their first values, so that every weight matters. */
function newCases(): Record<string, Case> {
  return {
    linear: layerCase(perturbed(new Linear(C, 9))),
    embedding: layerCase(new Embedding(11, C), randint(0, 11, [B, T], { dtype: 'int64' })),
    layerNorm: layerCase(perturbed(new LayerNorm(C))),
    rmsNorm: layerCase(perturbed(new RMSNorm(C))),
    geluMlp: layerCase(new GeluMlp(mlp)),
    reluSquaredMlp: layerCase(new ReluSquaredMlp(mlp)),
    swigluMlp: layerCase(new SwigluMlp(mlp)),
    attention: attentionCase(true, { kvHeads: 4 }, false),
    groupedRotaryAttention: attentionCase(true),
    differentialAttention: differentialCase(),
    windowAttention: attentionCase(false, { attention: resolveAttention({ type: 'slidingWindow', window: 3 }) }),
    lstm: lstmCase(),
    tokenLoss: lossCase(),
  };
}

function perturbed<M extends Module>(module: M): M {
  for (const weight of module.parameters()) weight.detach().add_(randnLike(weight));
  return module;
}

/** What Python needs to compute the case again, and what came out here. */
function computed({ module, inputs, forward }: Case): Record<string, Tensor> {
  const weights = module?.namedParameters() ?? {};
  const leaves = Object.entries(inputs).filter(([, input]) => input.dtype === 'float32');
  for (const [, leaf] of leaves) leaf.requiresGrad_(true);
  const output = forward(...Object.values(inputs));
  const direction = randnLike(output.detach());
  output.mul(direction).sum().backward();
  const gradients = [...Object.entries(weights), ...leaves].map(([name, leaf]) => [`gradient/${name}`, leaf.grad!]);
  return {
    output: output.detach(),
    direction,
    ...prefixed('weight/', weights),
    ...prefixed('input/', inputs),
    ...(Object.fromEntries(gradients) as Record<string, Tensor>),
  };
}

function prefixed(prefix: string, tensors: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, value]) => [prefix + name, value]));
}

describeWithPython('layers against PyTorch', () => {
  manualSeed(8);
  const cases = newCases();
  let folder = '';
  let errors: Record<string, Record<string, number>> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
    const path = join(folder, 'layers.safetensors');
    const tensors = Object.entries(cases).map(([name, made]) => prefixed(`${name}/`, computed(made)));
    await saveSafetensors(path, Object.assign({}, ...tensors) as Record<string, Tensor>);
    errors = python('tests/parity/layers.py', { input: { path } }).json as typeof errors;
  });

  afterAll(() => rm(folder, { recursive: true }));

  test.each(Object.entries(cases))('%s: output and every gradient', (name, { module, inputs }) => {
    const found = errors[name]!;
    const leaves = Object.entries(inputs).filter(([, input]) => input.requiresGrad);
    expect(Object.keys(found)).toHaveLength(1 + leaves.length + (module?.parameters().length ?? 0));
    console.log(`${name}: ${Math.max(...Object.values(found)).toExponential(1)}`);
    for (const [part, error] of Object.entries(found))
      expect([part, error <= MARK ? 'near' : error]).toEqual([part, 'near']);
  });
});
