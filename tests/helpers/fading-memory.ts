/** A language model with a memory of its own, as a user adds one: by the public doors alone. */
import { z } from 'zod';
import { LanguageModel, expectRows, expectSameState, registerModel } from '../../lib/models/index.js';
import type { DecodeState, ForwardContext, StateTraits } from '../../lib/models/index.js';
import { Embedding, Linear, parameter } from '../../lib/nn/index.js';
import { cat, noGrad, scope, stack, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';

const schema = z.strictObject({ vocabSize: z.int().positive(), width: z.int().positive().default(16) });

type FadingMemoryConfig = z.output<typeof schema>;

/** h(t) = σ(d)·h(t−1) + E[x(t)], logits = W·h(t): every channel forgets at a rate of its own. */
export class FadingMemoryModel extends LanguageModel {
  readonly kind = 'fading-memory';
  readonly config: FadingMemoryConfig;
  readonly embedding: Embedding;
  /** Before the sigmoid, `[C]`. */
  decay: Tensor;
  readonly head: Linear;

  constructor(options: z.input<typeof schema>) {
    super();
    this.config = schema.parse(options);
    const { vocabSize, width } = this.config;
    this.embedding = new Embedding(vocabSize, width);
    this.decay = parameter(zeros([width]), { kind: 'vector' });
    this.head = new Linear(width, vocabSize, { role: { kind: 'head' } });
  }

  override get stateTraits(): StateTraits {
    return { recurrent: true, replayable: true };
  }

  forward(ids: Tensor, { state, documents }: ForwardContext = { training: this.training }): Tensor {
    const [B, T] = [ids.size(0), ids.size(1)];
    const memory = state as FadingMemory | undefined;
    const x = this.embedding.forward(ids); // B T C
    const keep = this.decay.sigmoid().to(x.dtype);
    let h = memory?.held?.clone() ?? zeros([B, this.config.width], { dtype: x.dtype });
    const all: Tensor[] = [];
    for (let t = 0; t < T; t++) {
      if (documents && t > 0) h = h.mul(isSameDocument(documents, t).to(h.dtype));
      all.push((h = h.mul(keep).add(x.select(1, t))));
    }
    memory?.advance(h, T);
    return this.head.forward(stack(all, 1)); // B T V
  }

  newState(batch: number): DecodeState {
    const { dtype } = this.embedding.weight;
    return new FadingMemory(Array<number>(batch).fill(0), () => zeros([batch, this.config.width], { dtype }));
  }
}

/** True where a token is of the document of the one before it, `[B, 1]`. */
function isSameDocument(documents: Tensor, t: number): Tensor {
  return documents.narrow(1, t, 1).eq(documents.narrow(1, t - 1, 1));
}

/** h of each row, `[B, C]`. */
class FadingMemory implements DecodeState {
  private inPlace = false;

  constructor(
    readonly lengths: number[],
    private readonly start: () => Tensor,
    public held?: Tensor,
  ) {}

  get length(): number {
    return Math.max(...this.lengths);
  }

  get bytes(): number {
    return this.held?.bytes ?? 0;
  }

  tensors(): Record<string, Tensor> {
    return this.held ? { memory: this.held } : {};
  }

  reserve(): void {
    this.held ??= scope(this.start).keep();
    this.inPlace = true;
  }

  replayed(tokens: number): void {
    for (const row of this.lengths.keys()) this.lengths[row]! += tokens;
  }

  advance(h: Tensor, tokens: number): void {
    this.replayed(tokens);
    if (this.inPlace && this.held) return void noGrad(() => this.held!.copy_(h));
    const before = this.held;
    this.held = h.detach().clone().keep();
    before?.dispose();
  }

  reset(rows: readonly number[] = [...this.lengths.keys()]): void {
    expectRows('FadingMemory.reset', rows, this.lengths.length);
    for (const row of rows) this.lengths[row] = 0;
    for (const row of rows) noGrad(() => scope(() => void this.held?.narrow(0, row, 1).zero_()));
  }

  select(rows: readonly number[]): FadingMemory {
    expectRows('FadingMemory.select', rows, this.lengths.length);
    return this.copy(rows);
  }

  fork(n: number): FadingMemory {
    return this.copy(this.lengths.flatMap((_, row) => Array<number>(n).fill(row)));
  }

  concat(other: DecodeState): FadingMemory {
    const theirs = expectSameState<FadingMemory>('FadingMemory.concat', this, other);
    const held = scope(() => cat([this.held ?? this.start(), theirs.held ?? theirs.start()], 0)).keep();
    return new FadingMemory([...this.lengths, ...theirs.lengths], () => held.mul(0), held);
  }

  dispose(): void {
    this.held?.dispose();
    this.held = undefined;
  }

  private copy(rows: readonly number[]): FadingMemory {
    const pick = (from: Tensor): Tensor => scope(() => from.indexSelect(0, tensor([...rows], { dtype: 'int64' })));
    const lengths = rows.map((row) => this.lengths[row]!);
    return new FadingMemory(lengths, () => scope(() => pick(this.start())), this.held && pick(this.held).keep());
  }
}

registerModel({
  kind: 'fading-memory',
  schema,
  build: (config) => new FadingMemoryModel(config as FadingMemoryConfig),
});
