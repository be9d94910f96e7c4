/** The operators of neural networks. Letters: B batch, T time, S source time, C width, H heads, K kv heads, D head width, V vocabulary. */
import {
  attentionKeys,
  crossEntropyKeys,
  dropoutKeys,
  layerNormKeys,
  linearCrossEntropyKeys,
  lstmKeys,
  rmsNormKeys,
} from './options.js';
import { checkOptions, expectProbability, raise, show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Slot } from '../../native/index.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectOptionalSlot, expectSlot, expectSlots, wrap } from '../tensor.js';
import type {
  AttentionOptions,
  CrossEntropyOptions,
  DropoutOptions,
  LayerNormOptions,
  LinearCrossEntropyOptions,
  LstmOptions,
  RmsNormOptions,
} from './options.js';

/** A loss summed over positions, and how many positions count. */
export interface SummedLoss {
  lossSum: Tensor;
  count: Tensor;
}

/** The outputs of an LSTM's last layer and the states of each layer after the last token. */
export interface LstmResult {
  output: Tensor;
  hidden: Tensor;
  cell: Tensor;
}

const embeddingOp = bindOperator('aten::embedding');
const layerNormOp = bindOperator('aten::layer_norm');
const rmsNormOp = bindOperator('palabra::rms_norm');
const rmsNormAxes = bindOperator('aten::rms_norm');
const rotaryOp = bindOperator('palabra::rotary');
const swigluOp = bindOperator('palabra::swiglu');
const dropoutOp = bindOperator('palabra::dropout');
const crossEntropyOp = bindOperator('aten::cross_entropy_loss');
const linearCrossEntropyOp = bindOperator('palabra::linear_cross_entropy');
const attentionOp = bindOperator('aten::scaled_dot_product_attention');
const causalAttentionOp = bindOperator('palabra::causal_attention');
const lstmInput = bindOperator('aten::lstm.input');

/**
 * The rows of a table: ids `[…]` (int64), weight `[V, C]` → `[…, C]`.
 * @param ids - `[…]`, int64 or int32, from 0 to V − 1
 * @param weight - `[V, C]`, any dtype
 * @returns `[…, C]`, the dtype of `weight`; gradients of equal ids are summed
 */
export function embedding(ids: Tensor, weight: Tensor): Tensor {
  return wrap(loadAddon().call(embeddingOp.id, expectSlot(weight, 'embedding'), expectSlot(ids, 'embedding')));
}

/**
 * (x − mean) / √(variance + eps) · weight + bias over the last axes.
 * @param x - any shape that ends in `shape`, floating-point
 * @param shape - the sizes of those axes
 * @param options - `weight` and `bias` of that shape (default: none), in the dtype of `x`, or in float32 for a shorter
 *   one; `eps` (default 1e-5)
 * @returns the shape and dtype of `x`
 * @see Ba et al. 2016, https://arxiv.org/abs/1607.06450
 */
export function layerNorm(x: Tensor, shape: readonly number[], options: LayerNormOptions = {}): Tensor {
  const { weight, bias, eps } = checkOptions('layerNorm', options, layerNormKeys);
  const slots = [
    expectSlot(x, 'layerNorm'),
    expectOptionalSlot(weight, 'layerNorm'),
    expectOptionalSlot(bias, 'layerNorm'),
  ];
  return wrap(loadAddon().call(layerNormOp.id, slots[0], shape, slots[1], slots[2], eps));
}

/**
 * x / √(mean(x²) + eps) · weight over the last axes.
 * @remarks One axis runs fused; statistics are in float32, the result in the input dtype.
 * @param x - any shape that ends in `shape`, floating-point
 * @param shape - the sizes of those axes
 * @param options - `weight` of that shape (default: none), in the dtype of `x`, or in float32 for a shorter one; `eps`
 *   (default 1e-6)
 * @returns the shape and dtype of `x`
 * @see Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467
 */
export function rmsNorm(x: Tensor, shape: readonly number[], options: RmsNormOptions = {}): Tensor {
  const { weight, eps = 1e-6 } = checkOptions('rmsNorm', options, rmsNormKeys);
  const [slot, factor] = [expectSlot(x, 'rmsNorm'), expectOptionalSlot(weight, 'rmsNorm')];
  if (shape.length !== 1) return wrap(loadAddon().call(rmsNormAxes.id, slot, shape, factor, eps));
  if (x.shape.at(-1) !== shape[0]) {
    raise('PAL_SHAPE', { where: 'rmsNorm', expected: `a last axis of size ${shape[0]}`, received: show(x.shape) });
  }
  return wrap(loadAddon().call(rmsNormOp.id, slot, factor, eps));
}

/**
 * Rotates the pairs (x[i], x[i + D/2]) by the angle of their position.
 * @param x - `[B, H, T, D]` with an even D, floating-point
 * @param cos - the cosines of the angles, `[T, D/2]` or `[B, T, D/2]`, floating-point
 * @param sin - the sines, as `cos`
 * @returns `[B, H, T, D]`, the dtype of `x`
 * @see Su et al. 2021, https://arxiv.org/abs/2104.09864
 */
export function rotary(x: Tensor, cos: Tensor, sin: Tensor): Tensor {
  return wrap(
    loadAddon().call(rotaryOp.id, expectSlot(x, 'rotary'), expectSlot(cos, 'rotary'), expectSlot(sin, 'rotary')),
  );
}

/**
 * SiLU(gate) ⊙ up. For the backward pass its inputs alone are held.
 * @param gate - any shape, floating-point
 * @param up - the shape and dtype of `gate`
 * @returns the shape and dtype of `gate`
 * @see Shazeer 2020, https://arxiv.org/abs/2002.05202
 */
export function swiglu(gate: Tensor, up: Tensor): Tensor {
  return wrap(loadAddon().call(swigluOp.id, expectSlot(gate, 'swiglu'), expectSlot(up, 'swiglu')));
}

/**
 * Sets each element to 0 with the given probability and divides the rest by 1 − probability.
 * @param x - any shape, floating-point
 * @param probability - from 0 to 1
 * @param options - `training`: it acts at all (default true); `generator` (default: the environment's own)
 * @returns the shape and dtype of `x`; `x` itself where it doesn't act
 * @see Srivastava et al. 2014
 */
export function dropout(x: Tensor, probability: number, options: DropoutOptions = {}): Tensor {
  const { training = true, generator } = checkOptions('dropout', options, dropoutKeys);
  expectProbability('dropout', 'probability', probability);
  const slot = expectSlot(x, 'dropout');
  if (!training || probability === 0) return x;
  const [output, mask] = loadAddon().call(dropoutOp.id, slot, probability, generator?.id) as [Slot, Slot];
  loadAddon().dispose(mask);
  return wrap(output);
}

const reductions: Readonly<Record<string, number>> = { none: 0, mean: 1, sum: 2 };

/**
 * (1 − ε) · NLL + ε · mean NLL over the classes, in nats.
 * @param logits - `[N, V]`, `[V]`, or `[N, V, …]` with further axes; floating-point
 * @param targets - `[N]`, `[]` or `[N, …]`, int64, from 0 to V − 1 or `ignoreIndex`; or probabilities of the shape and
 *   dtype of the logits
 * @param options - `weight` `[V]`, `ignoreIndex` (default −100), `labelSmoothing` ε from 0 to 1 (default 0),
 *   `reduction` (default `mean`)
 * @returns `[]` in the dtype of the logits, with reduction `none` the shape of integer targets
 * @see Szegedy et al. 2015, https://arxiv.org/abs/1512.00567, section 7
 */
export function crossEntropy(logits: Tensor, targets: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const {
    weight,
    ignoreIndex,
    labelSmoothing,
    reduction = 'mean',
  } = checkOptions('crossEntropy', options, crossEntropyKeys);
  const mode = reductions[reduction];
  if (mode === undefined) {
    const expected = "reduction to be 'mean', 'sum' or 'none'";
    raise('PAL_ARGUMENT', { where: 'crossEntropy', expected, received: show(reduction) });
  }
  const [slot, target] = [expectSlot(logits, 'crossEntropy'), expectSlot(targets, 'crossEntropy')];
  const factor = expectOptionalSlot(weight, 'crossEntropy');
  return wrap(loadAddon().call(crossEntropyOp.id, slot, target, factor, mode, ignoreIndex, labelSmoothing));
}

/**
 * The cross-entropy of logits x · weightᵀ + bias that are never held as a whole.
 * @param x - `[…, C]`, floating-point
 * @param weight - `[V, C]`, the dtype of `x`, or float32 for a shorter one
 * @param targets - `[…]`, int64, from 0 to V − 1 or `ignoreIndex`
 * @param options - `bias` `[V]` (default: none), `ignoreIndex` (default −100), `labelSmoothing` from 0 to 1 (default
 *   0), `zLoss` (default 0)
 * @returns `lossSum` `[]` in nats, over the positions whose target counts, in float32 (float64 for float64), and
 *   `count` `[]` of these, in int64
 */
export function linearCrossEntropy(
  x: Tensor,
  weight: Tensor,
  targets: Tensor,
  options: LinearCrossEntropyOptions = {},
): SummedLoss {
  const { bias, ignoreIndex, labelSmoothing, zLoss } = checkOptions(
    'linearCrossEntropy',
    options,
    linearCrossEntropyKeys,
  );
  const where = 'linearCrossEntropy';
  const slots = [
    expectSlot(x, where),
    expectSlot(weight, where),
    expectOptionalSlot(bias, where),
    expectSlot(targets, where),
  ];
  const result = loadAddon().call(linearCrossEntropyOp.id, ...slots, ignoreIndex, labelSmoothing, zLoss);
  const [lossSum, count] = result as [Slot, Slot];
  return { lossSum: wrap(lossSum), count: wrap(count) };
}

/**
 * softmax(q · kᵀ · scale + mask) · v.
 * @param query - `[B, H, T, D]`, floating-point
 * @param key - `[B, H, S, D]`, or `[B, K, S, D]` with `enableGqa`; the dtype of `query`
 * @param value - as `key`; its last axis may have another size, which the result has then
 * @param options - `mask`, `causal` (default false), `scale` (default 1/√D), `dropout` from 0 to 1 (default 0),
 *   `enableGqa` (default false)
 * @returns `[B, H, T, D]`, the dtype of `query`
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, equation 1
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: AttentionOptions = {},
): Tensor {
  const {
    mask,
    causal,
    scale,
    dropout: probability,
    enableGqa,
  } = checkOptions('scaledDotProductAttention', options, attentionKeys);
  const where = 'scaledDotProductAttention';
  const slots = [
    expectSlot(query, where),
    expectSlot(key, where),
    expectSlot(value, where),
    expectOptionalSlot(mask, where),
  ];
  return wrap(loadAddon().call(attentionOp.id, ...slots, probability, causal, scale, enableGqa));
}

/**
 * Causal attention by loops of our own, on the CPU alone: softmax(scale · QKᵀ) · V over the tokens that are not behind the
 * query, of its own document where documents are told. It costs the sum of their squared lengths and holds no mask.
 * @param query - `[B, H, T, D]`, floating-point
 * @param key - `[B, K, T, D]` in the dtype of `query`, where K divides H
 * @param value - as `key`
 * @param options - documents and scale
 * @param options.documents - `[B, T]`, int64, the document each token belongs to (default: one)
 * @param options.scale - factor of the scores (default 1/√D)
 * @returns `[B, H, T, D]`, the dtype of `query`
 * @see Krell et al. 2021, https://arxiv.org/abs/2107.02027, for packed documents
 */
export function causalAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: { documents?: Tensor | undefined; scale?: number | undefined } = {},
): Tensor {
  const where = 'causalAttention';
  const { documents, scale } = checkOptions(where, options, { documents: true, scale: true });
  const slots = [...[query, key, value].map((input) => expectSlot(input, where)), expectOptionalSlot(documents, where)];
  const [output, sums] = loadAddon().call(causalAttentionOp.id, ...slots, scale) as [Slot, Slot];
  loadAddon().dispose(sums);
  return wrap(output);
}

/**
 * A long short-term memory network of one or more layers.
 * @param x - `[B, T, C]`, or `[T, B, C]` without `batchFirst`; floating-point
 * @param state - hidden and cell state, each `[layers, B, hidden width]`, twice the layers with `bidirectional`; the
 *   dtype of `x`
 * @param weights - of each layer and direction: input map `[4 · hidden width, …]`, recurrent map
 *   `[4 · hidden width, hidden width]` and, with `bias`, their two biases `[4 · hidden width]`
 * @param options - `layers` (default 1), `bias` (default true), `dropout` between layers (default 0), `training`
 *   (default false), `bidirectional` (default false), `batchFirst` (default true)
 * @returns `output` `[B, T, hidden width]` (twice as wide with `bidirectional`) and the states after the last token,
 *   shaped as `state`; the dtype of `x`
 * @see Hochreiter and Schmidhuber 1997
 */
export function lstm(
  x: Tensor,
  state: readonly [hidden: Tensor, cell: Tensor],
  weights: readonly Tensor[],
  options: LstmOptions = {},
): LstmResult {
  checkOptions('lstm', options, lstmKeys);
  const { layers = 1, bias = true, dropout: probability = 0, training = false } = options;
  const { bidirectional = false, batchFirst = true } = options;
  const [slot, states, maps] = [expectSlot(x, 'lstm'), expectSlots(state, 'lstm'), expectSlots(weights, 'lstm')];
  const settings = [bias, layers, probability, training, bidirectional, batchFirst];
  const result = loadAddon().call(lstmInput.id, slot, states, maps, ...settings) as [Slot, Slot, Slot];
  return { output: wrap(result[0]), hidden: wrap(result[1]), cell: wrap(result[2]) };
}
