import { setImmediate } from 'node:timers/promises';
import type { DecodeState } from '../../models/interface/index.js';
import { noGrad, scope, tensor } from '../../tensor/index.js';
import { repeatRows } from './decoder.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import { sampleRow } from '../sampling/sampling.js';
import type { SampledToken, RowInputs } from '../sampling/row.js';

/** A decoder without programs: passes run at once, tokens are sampled in plain numbers. It serves every model. */
export class EagerDecoder implements Decoder {
  private readonly rows: number[][];
  private state: DecodeState;

  constructor(private readonly options: DecoderOptions) {
    this.rows = repeatRows(options.rows, options.copies);
    this.state = options.model.newState(this.rows.length);
  }

  get length(): number {
    return this.rows[0]?.length ?? 0;
  }

  async decode(rows: readonly RowInputs[]): Promise<SampledToken[]> {
    // The event loop gets its turn between tokens.
    await setImmediate();
    const logits = this.forward(this.selectUnread());
    const sampled = rows.map((row, b) => sampleRow(logits[b]!, this.options.sampling, this.rows[b]!, row));
    for (const [b, { id }] of sampled.entries()) this.rows[b]?.push(id);
    return sampled;
  }

  [Symbol.dispose](): void {
    this.state.dispose();
  }

  private selectUnread(): number[][] {
    const { model, contextKeep } = this.options;
    if (this.state.length === 0) return this.rows;
    if (this.state.length < (model.config.contextLength ?? Infinity)) return this.rows.map((row) => row.slice(-1));
    this.state.dispose();
    this.state = model.newState(this.rows.length);
    return this.rows.map((row) => row.slice(-contextKeep));
  }

  /** The logits of each row's next token. */
  private forward(ids: readonly (readonly number[])[]): Float32Array[] {
    const { model } = this.options;
    return noGrad(() =>
      scope(() => {
        const input = tensor(ids, { dtype: 'int64', device: model.device });
        const logits = model.forward(input, { training: false, state: this.state }); // B T V
        const last = logits.select(1, -1).to('float32').unbind(0);
        return last.map((row) => row.data() as Float32Array);
      }),
    );
  }
}
