import { expectPositiveInteger } from '../core/index.js';
import { cat, dims, full, isGradEnabled, lstm, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { Dropout } from './dropout.js';
import { glorotUniform, orthogonal, perGate } from './initialize.js';
import { Module } from './module.js';
import { parameter } from './roles.js';

/** Hidden and cell state of every layer, each `[L, B, C]`. */
export interface LSTMState {
  hidden: Tensor;
  cell: Tensor;
}

/** Settings of {@link LSTM}. */
export interface LSTMOptions {
  /** Layers, L (default 1). */
  layers?: number;
  /** Dropout after every layer, the last included (default 0). */
  dropout?: number;
}

/** The gates of an LSTM in the order of its rows: input, forget, cell, output. */
const GATES = 4;

/**
 * One layer: i, f, o = σ(Wx + Uh + b), g = tanh(Wx + Uh + b), c = f⊙c + i⊙g, h = o⊙tanh(c).
 * The forget gate starts with a bias of 1 in the first of two bias vectors.
 * @see Hochreiter and Schmidhuber 1997; Jozefowicz et al. 2015 for the forget bias
 */
export class LSTMLayer extends Module {
  /** `[4C, in]`, Glorot uniform per gate at first. */
  inputWeight: Tensor;
  /** `[4C, C]`, orthogonal per gate at first. */
  hiddenWeight: Tensor;
  /** `[4C]`, 1 for the forget gate, else 0 at first. */
  inputBias: Tensor;
  /** `[4C]`, zeros at first. */
  hiddenBias: Tensor;

  constructor(
    readonly inWidth: number,
    readonly width: number,
  ) {
    super();
    this.inputWeight = parameter(perGate(GATES, glorotUniform)([GATES * width, inWidth]));
    this.hiddenWeight = parameter(perGate(GATES, orthogonal)([GATES * width, width]));
    this.inputBias = parameter(forgetOnly(width));
    this.hiddenBias = parameter(zeros([GATES * width]));
  }

  override summary(): string {
    return `${this.inWidth} → ${this.width}`;
  }

  /**
   * @param x - `[B, T, in]`
   * @param state - hidden and cell, each `[1, B, C]`
   * @returns the outputs `[B, T, C]` and the state after the last
   */
  forward(x: Tensor, state: LSTMState): { output: Tensor; state: LSTMState } {
    const weights = [this.inputWeight, this.hiddenWeight, this.inputBias, this.hiddenBias];
    // Without training set, libtorch keeps nothing to go backward with.
    const training = isGradEnabled();
    const { output, hidden, cell } = lstm(x, [state.hidden, state.cell], weights, { training });
    return { output, state: { hidden, cell } };
  }
}

/** Biases that are 1 for the forget gate, else 0, `[4C]`. */
function forgetOnly(width: number): Tensor {
  return scope(() => cat([zeros([width]), full([width], 1), zeros([2 * width])], 0));
}

/** LSTM layers in a stack, with dropout after each. */
export class LSTM extends Module {
  readonly layers: LSTMLayer[];
  readonly dropout: Dropout;

  constructor(
    readonly inWidth: number,
    readonly width: number,
    { layers = 1, dropout = 0 }: LSTMOptions = {},
  ) {
    super();
    expectPositiveInteger('LSTM', 'layers', layers);
    this.layers = Array.from({ length: layers }, (_, i) => new LSTMLayer(i === 0 ? inWidth : width, width));
    this.dropout = new Dropout(dropout);
  }

  override summary(): string {
    return `${this.inWidth} → ${this.width}`;
  }

  /**
   * @param x - `[B, T, in]`
   * @param before - each `[L, B, C]`; zeros without it
   * @returns the outputs `[B, T, C]` and the state after the last token
   */
  forward(x: Tensor, before?: LSTMState, training = this.training): { output: Tensor; state: LSTMState } {
    const { B } = dims(x, 'B T C', { C: this.inWidth }, 'LSTM.forward');
    const start = before ?? this.zeroState(B);
    const after: LSTMState[] = [];
    let output = x;
    for (const [i, layer] of this.layers.entries()) {
      const step = layer.forward(output, layerState(start, i));
      output = this.dropout.forward(step.output, training);
      after.push(step.state);
    }
    return { output, state: joined(after) };
  }

  /** The state before the first token: zeros, each `[L, B, C]`. */
  zeroState(batch: number): LSTMState {
    const shape = [this.layers.length, batch, this.width];
    const weight = this.layers[0]?.hiddenWeight;
    const like = weight === undefined ? {} : { dtype: weight.dtype, device: weight.device };
    return { hidden: zeros(shape, like), cell: zeros(shape, like) };
  }
}

function layerState({ hidden, cell }: LSTMState, layer: number): LSTMState {
  return { hidden: hidden.narrow(0, layer, 1), cell: cell.narrow(0, layer, 1) };
}

function joined(states: LSTMState[]): LSTMState {
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
