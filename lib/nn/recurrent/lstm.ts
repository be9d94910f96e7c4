import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectOneOf, expectPositiveInteger } from '../../core/index.js';
import {
  getAutocastDType,
  cat,
  dims,
  full,
  hasBfloat16Lstm,
  isGradEnabled,
  lstm,
  ones,
  scope,
  withAutocast,
  zeros,
} from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Dropout } from '../layers/dropout.js';
import { glorotUniform, orthogonal, gatewiseInitializer } from '../initialize.js';
import { Module } from '../module.js';
import { parameter } from '../parameters.js';

/** Hidden and cell state of every layer, each `[L, B, C]`. */
export interface LSTMState {
  hidden: Tensor;
  cell: Tensor;
}

/** The outputs `[B, T, C]` of a pass, and the state after its last token. */
export interface LSTMOutput {
  output: Tensor;
  state: LSTMState;
}

/** Settings of {@link LSTM}. */
export interface LSTMOptions {
  /** Layers, L (default 1). */
  layers?: number | undefined;
  /** Dropout after every layer, the last included (default 0). */
  dropout?: number | undefined;
  /** Samples the dropout mask at each token (default), or once a sequence. */
  dropoutMask?: 'token' | 'sequence' | undefined;
  /** Dropout of the recurrent matrices, drawn once a pass (default 0). */
  recurrentDropout?: number | undefined;
}

/** The keys of {@link LSTMOptions}. */
export const lstmKeys: OptionChecks<LSTMOptions> = {
  layers: true,
  dropout: true,
  dropoutMask: true,
  recurrentDropout: true,
};

/** Dropout masks that are sampled once a pass; undefined where nothing is dropped. */
export interface LSTMMasks {
  /** For each layer the factors of its outputs, `[B, 1, C]`, 0 or 1/(1 − p). */
  outputs: readonly (Tensor | undefined)[];
  /** For each layer its recurrent matrix with values dropped, `[4C, C]`. */
  recurrent: readonly (Tensor | undefined)[];
}

/** The inputs of an {@link LSTM} besides its sequence. */
export interface LSTMContext {
  /** Dropout is active (default: the module's). */
  training?: boolean | undefined;
  /** The masks of this pass (default: sampled now). */
  masks?: LSTMMasks | undefined;
  /** `[B, T]`, bool: where the state starts anew; read token by token then. */
  starts?: Tensor | undefined;
}

/** The gates of an LSTM in the order of its rows: input, forget, cell, output. */
const GATES = 4;

/**
 * One layer: i, f, o = σ(Wx + Uh + b), g = tanh(Wx + Uh + b), c = f⊙c + i⊙g, h = o⊙tanh(c).
 * The forget gate starts with a bias of 1 in the first of two bias vectors.
 * @see Hochreiter and Schmidhuber 1997; Jozefowicz et al. 2015 for the forget bias
 */
export class LSTMLayer extends Module {
  /** `[4C, in]`, initially Glorot uniform per gate. */
  inputWeight: Tensor;
  /** `[4C, C]`, initially orthogonal per gate. */
  hiddenWeight: Tensor;
  /** `[4C]`, initially 1 for the forget gate, else 0. */
  inputBias: Tensor;
  /** `[4C]`, initially zeros. */
  hiddenBias: Tensor;

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
  ) {
    super();
    this.inputWeight = parameter(gatewiseInitializer(GATES, glorotUniform)([GATES * hiddenSize, inputSize]), {
      kind: 'matrix',
    });
    this.hiddenWeight = parameter(gatewiseInitializer(GATES, orthogonal)([GATES * hiddenSize, hiddenSize]), {
      kind: 'matrix',
    });
    this.inputBias = parameter(createForgetBias(hiddenSize), { kind: 'vector' });
    this.hiddenBias = parameter(zeros([GATES * hiddenSize]), { kind: 'vector' });
  }

  override extraRepr(): string {
    return `${this.inputSize} → ${this.hiddenSize}`;
  }

  /**
   * Reads a sequence from a state on.
   * @param x - `[B, T, in]`, floating
   * @param state - hidden and cell, each `[1, B, C]`
   * @param hiddenWeight - takes the place of the module's, `[4C, C]`
   * @returns the outputs `[B, T, C]` in the dtype of `x`, and the state after the last, each `[1, B, C]`
   * @remarks On CPUs, float16 is computed in float32 under autocast and wherever there are gradients; bfloat16 where the
   * processor has no instructions for it.
   */
  forward(x: Tensor, state: LSTMState, hiddenWeight = this.hiddenWeight): LSTMOutput {
    const weights = [this.inputWeight, hiddenWeight, this.inputBias, this.hiddenBias];
    return hasNoKernel(x) ? computeInFloat32(x, state, weights) : computeLstm(x, state, weights);
  }

  /**
   * The same token by token, from zeros wherever a sequence starts.
   * @param x - `[B, T, in]`, floating
   * @param state - hidden and cell, each `[1, B, C]`
   * @param starts - `[B, T]`, bool
   * @param hiddenWeight - takes the place of the module's, `[4C, C]`
   * @returns the outputs `[B, T, C]` in the dtype of `x`, and the state after the last, each `[1, B, C]`
   */
  forwardPacked(x: Tensor, state: LSTMState, starts: Tensor, hiddenWeight = this.hiddenWeight): LSTMOutput {
    const { T } = dims(x, 'B T C', {}, 'LSTMLayer.forwardPacked');
    const kept = starts.logicalNot().to(x.dtype).unsqueeze(0).unsqueeze(-1); // 1 B T 1
    const outputs: Tensor[] = [];
    let current = state;
    for (let t = 0; t < T; t++) {
      const keep = kept.select(2, t); // 1 B 1
      const before = { hidden: current.hidden.mul(keep), cell: current.cell.mul(keep) };
      const step = this.forward(x.narrow(1, t, 1), before, hiddenWeight);
      outputs.push(step.output);
      current = step.state;
    }
    return { output: cat(outputs, 1), state: current };
  }
}

function computeLstm(x: Tensor, state: LSTMState, weights: readonly Tensor[]): LSTMOutput {
  // Without training set, libtorch keeps nothing to go backward with.
  const training = isGradEnabled();
  const { output, hidden, cell } = lstm(x, [state.hidden, state.cell], weights, { training });
  return { output, state: { hidden, cell } };
}

/** Tests if a pass would be one in a short dtype that oneDNN doesn't have on this processor, or on every one. */
function hasNoKernel(x: Tensor): boolean {
  if (x.device !== 'cpu') return false;
  const autocast = getAutocastDType('cpu');
  if ((autocast ?? x.dtype) === 'bfloat16') return !hasBfloat16Lstm();
  return autocast === 'float16' || (x.dtype === 'float16' && isGradEnabled());
}

/** The same pass in float32, its outputs in the dtype of the input. */
function computeInFloat32(x: Tensor, state: LSTMState, weights: readonly Tensor[]): LSTMOutput {
  const wide = (tensor: Tensor) => tensor.to('float32');
  return withAutocast(undefined, () => {
    const before = { hidden: wide(state.hidden), cell: wide(state.cell) };
    const { output, state: after } = computeLstm(wide(x), before, weights.map(wide));
    const [hidden, cell] = [after.hidden.to(state.hidden.dtype), after.cell.to(state.cell.dtype)];
    return { output: output.to(x.dtype), state: { hidden, cell } };
  });
}

/** Biases that are 1 for the forget gate, else 0, `[4C]`. */
function createForgetBias(width: number): Tensor {
  return scope(() => cat([zeros([width]), full([width], 1), zeros([2 * width])], 0));
}

/**
 * LSTM layers in a stack, with dropout after each.
 * @see Gal and Ghahramani 2016, https://arxiv.org/abs/1512.05287, for masks drawn once a sequence
 * @see Merity et al. 2017, https://arxiv.org/abs/1708.02182, section 2, for dropout of the recurrent matrices
 */
export class LSTM extends Module {
  readonly layers: LSTMLayer[];
  readonly dropout: Dropout;
  readonly recurrentDropout: Dropout;
  readonly dropoutMask: 'token' | 'sequence';

  constructor(
    readonly inputSize: number,
    readonly hiddenSize: number,
    options: LSTMOptions = {},
  ) {
    super();
    const {
      layers = 1,
      dropout = 0,
      dropoutMask = 'token',
      recurrentDropout = 0,
    } = checkOptions('LSTM', options, lstmKeys);
    expectPositiveInteger('LSTM', 'layers', layers);
    this.layers = Array.from({ length: layers }, (_, i) => new LSTMLayer(i === 0 ? inputSize : hiddenSize, hiddenSize));
    this.dropout = new Dropout(dropout);
    this.recurrentDropout = new Dropout(recurrentDropout);
    this.dropoutMask = expectOneOf('LSTM', 'dropoutMask', dropoutMask, ['token', 'sequence']);
  }

  override extraRepr(): string {
    return `${this.inputSize} → ${this.hiddenSize}`;
  }

  /**
   * Reads a sequence through all layers.
   * @param x - `[B, T, in]`, floating
   * @param before - each `[L, B, C]`; zeros without it
   * @param context - whether dropout acts, its masks, and where packed sequences start
   * @returns the outputs `[B, T, C]` of the last layer, and the state after the last token, each `[L, B, C]`
   * @throws ShapeError when the last axis of `x` is another size than the module's `inputSize`
   */
  forward(x: Tensor, before?: LSTMState, context: LSTMContext = {}): LSTMOutput {
    const {
      training = this.training,
      starts,
      masks,
    } = checkOptions('LSTM.forward', context, { training: true, masks: true, starts: true });
    const { B } = dims(x, 'B T C', { C: this.inputSize }, 'LSTM.forward');
    const noise = masks ?? this.sampleMasks(B, training);
    const state = before ?? this.zeroState(B);
    const after: LSTMState[] = [];
    let output = x;
    for (const [i, layer] of this.layers.entries()) {
      const recurrent = noise.recurrent[i] ?? layer.hiddenWeight;
      const pass =
        starts === undefined
          ? layer.forward(output, selectLayerState(state, i), recurrent)
          : layer.forwardPacked(output, selectLayerState(state, i), starts, recurrent);
      output = this.applyDropout(pass.output, noise.outputs[i], training);
      after.push(pass.state);
    }
    return { output, state: concatStates(after) };
  }

  /**
   * Samples the masks of all that a pass drops as a whole.
   * @param batch - B
   * @param training - whether dropout acts (default: the module's mode)
   * @returns by layer: factors of outputs `[B, 1, C]` and recurrent matrices `[4C, C]` in the dtype of the weights
   */
  sampleMasks(batch: number, training = this.training): LSTMMasks {
    const perSequence = training && this.dropout.probability > 0 && this.dropoutMask === 'sequence';
    const recurrent = training && this.recurrentDropout.probability > 0;
    return {
      outputs: this.layers.map(({ hiddenWeight: { dtype, device } }) =>
        perSequence ? this.dropout.forward(ones([batch, 1, this.hiddenSize], { dtype, device }), true) : undefined,
      ),
      recurrent: this.layers.map(({ hiddenWeight }) =>
        recurrent ? this.recurrentDropout.forward(hiddenWeight, true) : undefined,
      ),
    };
  }

  private applyDropout(output: Tensor, mask: Tensor | undefined, training: boolean): Tensor {
    if (mask !== undefined) return output.mul(mask);
    return this.dropoutMask === 'token' ? this.dropout.forward(output, training) : output;
  }

  /**
   * The state before the first token: zeros in the dtype and on the device of the weights.
   * @param batch - B
   * @returns hidden and cell, each `[L, B, C]`
   */
  zeroState(batch: number): LSTMState {
    const shape = [this.layers.length, batch, this.hiddenSize];
    const weight = this.layers[0]?.hiddenWeight;
    const like = weight === undefined ? {} : { dtype: weight.dtype, device: weight.device };
    return { hidden: zeros(shape, like), cell: zeros(shape, like) };
  }
}

function selectLayerState({ hidden, cell }: LSTMState, layer: number): LSTMState {
  return { hidden: hidden.narrow(0, layer, 1), cell: cell.narrow(0, layer, 1) };
}

function concatStates(states: LSTMState[]): LSTMState {
  return {
    hidden: cat(
      states.map((state) => state.hidden),
      0,
    ),
    cell: cat(
      states.map((state) => state.cell),
      0,
    ),
  };
}
