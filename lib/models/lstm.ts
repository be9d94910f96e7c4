import { expectPositiveInteger, parseConfig, raise } from '../core/index.js';
import { Embedding, LSTM, Linear, glorotUniform, normalInitializer } from '../nn/index.js';
import type { LSTMState } from '../nn/index.js';
import { dims, noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { LanguageModel } from './language-model.js';
import type { DecodeState, ForwardContext } from './language-model.js';
import { lstmConfigSchema } from './lstm-config.js';
import type { LstmModelConfig, LstmModelOptions } from './lstm-config.js';

/** Standard deviation of the first token vectors. */
const EMBEDDING_DEVIATION = 0.01;

/**
 * Embedding → (LSTM → dropout) per layer → logits.
 * @see Zaremba et al. 2014, https://arxiv.org/abs/1409.2329
 * @example const model = new LstmLanguageModel({ vocabSize: 10_004, ...lstmPresets.standard });
 */
export class LstmLanguageModel extends LanguageModel {
  readonly kind = 'lstm';
  readonly config: LstmModelConfig;
  readonly embedding: Embedding;
  readonly lstm: LSTM;
  /** From the LSTM's width to the embedding's, where the output is tied. */
  readonly projection: Linear | undefined;
  readonly head: Linear;

  constructor(options: LstmModelOptions) {
    super();
    this.config = parseConfig('LstmLanguageModel', lstmConfigSchema, options);
    const { vocabSize, embeddingWidth, width, layers, dropout, tied } = this.config;
    const initialize = glorotUniform;
    this.embedding = new Embedding(vocabSize, embeddingWidth, { initialize: normalInitializer(EMBEDDING_DEVIATION) });
    this.lstm = new LSTM(embeddingWidth, width, { layers, dropout });
    this.projection = tied ? new Linear(width, embeddingWidth, { initialize }) : undefined;
    this.head = tied
      ? new Linear(embeddingWidth, vocabSize, { weight: this.embedding.weight })
      : new Linear(width, vocabSize, { initialize });
  }

  forward(ids: Tensor, context: ForwardContext = { training: this.training }): Tensor {
    const { B } = dims(ids, 'B T', {}, 'LstmLanguageModel.forward');
    expectSupported(context);
    const memory = stateOf(context);
    const x = this.embedding.forward(ids); // B T E
    const { output, state } = this.lstm.forward(x, memory?.read(B), context.training); // B T C
    memory?.advance(state, ids.shape[1] ?? 0);
    return this.head.forward(this.projection?.forward(output) ?? output); // B T V
  }

  newState(batch: number): LstmDecodeState {
    return new LstmDecodeState(batch);
  }
}

/** The hidden and cell states after the tokens read so far. */
export class LstmDecodeState implements DecodeState {
  private current: LSTMState | undefined;
  private read_ = 0;
  private inPlace = false;

  constructor(
    /** Sequences side by side, B. */
    readonly batch: number,
  ) {
    expectPositiveInteger('LstmDecodeState', 'batch', batch);
  }

  /** Tokens read so far. */
  get length(): number {
    return this.read_;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.current === undefined ? 0 : this.current.hidden.bytes + this.current.cell.bytes;
  }

  reserve(): void {
    expectPositiveInteger('LstmDecodeState.reserve', 'tokens read before', this.read_);
    this.inPlace = true;
  }

  replayed(tokens: number): void {
    this.read_ += tokens;
  }

  fork(n: number): LstmDecodeState {
    expectPositiveInteger('LstmDecodeState.fork', 'n', n);
    const copy = new LstmDecodeState(this.batch * n);
    copy.read_ = this.read_;
    copy.current = this.current && kept(this.current, (tensor) => tensor.repeatInterleave(n, 1));
    return copy;
  }

  dispose(): void {
    this.current?.hidden.dispose();
    this.current?.cell.dispose();
    this.current = undefined;
  }

  /** The state to start from, each `[L, B, C]`; undefined before the first token. */
  read(batch: number): LSTMState | undefined {
    if (batch === this.batch) return this.current;
    raise('PAL_SHAPE', {
      where: 'LstmLanguageModel.forward',
      expected: `a batch of ${this.batch}, as the state`,
      received: String(batch),
    });
  }

  /** Takes over the state after `tokens` more tokens. */
  advance(state: LSTMState, tokens: number): void {
    this.read_ += tokens;
    const before = this.current;
    if (this.inPlace && before !== undefined) return copyInto(before, state);
    this.current = kept(state, (tensor) => tensor.detach().clone());
    before?.hidden.dispose();
    before?.cell.dispose();
  }
}

function copyInto(before: LSTMState, { hidden, cell }: LSTMState): void {
  noGrad(() => {
    before.hidden.copy_(hidden);
    before.cell.copy_(cell);
  });
}

function kept({ hidden, cell }: LSTMState, copy: (tensor: Tensor) => Tensor): LSTMState {
  const copies = noGrad(() => scope(() => ({ hidden: copy(hidden), cell: copy(cell) })));
  copies.hidden.keep();
  copies.cell.keep();
  return copies;
}

function stateOf({ state }: ForwardContext): LstmDecodeState | undefined {
  if (state === undefined || state instanceof LstmDecodeState) return state;
  const received = state.constructor.name;
  raise('PAL_ARGUMENT', { where: 'LstmLanguageModel.forward', expected: 'a state of newState()', received });
}

function expectSupported({ documents, positions }: ForwardContext): void {
  if (documents === undefined && positions === undefined) return;
  raise('PAL_UNSUPPORTED', {
    where: 'LstmLanguageModel.forward',
    expected: 'whole rows read from left to right',
    received: documents === undefined ? 'positions' : 'documents',
    fix: 'Give each document a row of its own.',
  });
}
