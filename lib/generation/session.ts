import { raise } from '../core/index.js';
import type { DecodeState, LanguageModel } from '../models/index.js';
import { noGrad, scope, tensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/**
 * One sequence that a model reads token by token.
 *
 * @remarks Where it outgrows the context, the model reads the last half of the context again and goes on from there.
 */
export class DecodeSession {
  private state: DecodeState;
  private history: number[] = [];

  constructor(private readonly model: LanguageModel) {
    this.state = model.newState(1);
  }

  /**
   * Reads more tokens and returns the logits of the next one, one a token of the vocabulary.
   * @throws ArgumentError without any token
   */
  read(ids: readonly number[]): Float32Array {
    if (ids.length === 0) raise('PAL_ARGUMENT', { where: 'DecodeSession.read', expected: 'a token', received: 'none' });
    this.history.push(...ids);
    const { contextLength = Infinity } = this.model.config;
    return this.state.length + ids.length <= contextLength ? this.forward(ids) : this.restart(contextLength);
  }

  /** Frees the state. */
  dispose(): void {
    this.state.dispose();
  }

  private restart(contextLength: number): Float32Array {
    this.state.dispose();
    this.state = this.model.newState(1);
    this.history = this.history.slice(-Math.ceil(contextLength / 2));
    return this.forward(this.history);
  }

  private forward(ids: readonly number[]): Float32Array {
    return noGrad(() =>
      scope(() => {
        const input = tensor([ids], { dtype: 'int64', device: deviceOf(this.model) });
        const logits = this.model.forward(input, { training: false, state: this.state }); // 1 T V
        return logits.select(1, -1).to('float32').data() as Float32Array;
      }),
    );
  }
}

function deviceOf(model: LanguageModel): string {
  const first: Tensor | undefined = model.parameters()[0];
  return first?.device ?? 'cpu';
}
