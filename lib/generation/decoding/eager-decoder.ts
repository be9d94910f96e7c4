import { setImmediate } from 'node:timers/promises';
import type { DecodeState } from '../../models/interface/index.js';
import { noGrad, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { findFullRows, repeatRows } from './decoder.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import { groupByLength, readGroups } from './ragged.js';
import type { Reading } from './ragged.js';
import { sampleRow } from '../sampling/sampling.js';
import type { SampledToken, RowInputs } from '../sampling/row.js';

/** A decoder without programs: passes run at once, tokens are sampled in plain numbers. It serves every model. */
export class EagerDecoder implements Decoder {
  private readonly rows: number[][];
  private state: DecodeState | undefined;

  constructor(private readonly options: DecoderOptions) {
    this.rows = repeatRows(options.prompts, options.copies);
  }

  async decode(rows: readonly RowInputs[]): Promise<SampledToken[]> {
    // The event loop gets its turn between tokens.
    await setImmediate();
    using logits = await this.readOn(rows);
    const values = scope(() =>
      logits
        .to('float32')
        .unbind(0)
        .map((row) => row.data() as Float32Array),
    );
    const sampled = rows.map((row, b) => sampleRow(values[b]!, this.options.sampling, this.rows[b]!, row));
    for (const [b, { id }] of sampled.entries()) this.rows[b]?.push(id);
    return sampled;
  }

  [Symbol.dispose](): void {
    this.state?.dispose();
  }

  /** Reads what no row has read yet, and again the end of rows that outgrow the context. @returns `[B, V]`, kept */
  private async readOn(inputs: readonly RowInputs[]): Promise<Tensor> {
    const { state, rows } = this;
    const { model, contextKeep } = this.options;
    if (state === undefined) {
      return this.take(await readGroups(groupByLength(rows).map((group) => this.groupAnew(group, rows))));
    }
    const { full, others } = findFullRows(state, inputs, model.config.contextLength);
    const last = rows.map((row) => row.slice(-1));
    if (full.length === 0) return this.forward(last, state);
    const anew = this.groupAnew(
      full,
      rows.map((row) => row.slice(-contextKeep)),
    );
    const going = { rows: others, read: () => Promise.resolve(this.read(others, last, state.select(others))) };
    return this.take(await readGroups(others.length === 0 ? [anew] : [going, anew]));
  }

  private groupAnew(group: readonly number[], texts: readonly (readonly number[])[]) {
    const read = () => Promise.resolve(this.read(group, texts, this.options.model.newState(group.length)));
    return { rows: group, read };
  }

  private read(
    rows: readonly number[],
    texts: readonly (readonly number[])[],
    state: DecodeState,
  ): Reading<DecodeState> {
    try {
      const ids = rows.map((row) => texts[row]!);
      return { state, logits: this.forward(ids, state) };
    } catch (error) {
      state.dispose();
      throw error;
    }
  }

  private take({ state, logits }: Reading<DecodeState>): Tensor {
    this.state?.dispose();
    this.state = state;
    return logits;
  }

  /** The logits of each row's next token, `[B, V]`, kept. */
  private forward(ids: readonly (readonly number[])[], state: DecodeState): Tensor {
    const { model } = this.options;
    return noGrad(() =>
      scope(() => {
        const input = tensor(ids, { dtype: 'int64', device: model.device });
        return model.forward(input, { training: false, state }).select(1, -1).clone(); // B T V
      }),
    ).keep();
  }
}
