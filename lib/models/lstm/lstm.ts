import { parseConfig, raise } from '../../core/index.js';
import { Embedding, LSTM, Linear, glorotUniform, normalInitializer } from '../../nn/index.js';
import type { LSTMMasks, TokenLossTerms } from '../../nn/index.js';
import { cat, dims, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { ForwardContext, StateTraits } from '../interface/language-model.js';
import type { LossOutput } from '../interface/loss-output.js';
import { lstmConfigSchema } from './lstm-config.js';
import type { LstmModelConfig, LstmModelOptions } from './lstm-config.js';
import { LstmDecodeState } from './lstm-state.js';
import { SegmentedLanguageModel } from '../interface/segmented-model.js';
import type { SegmentedForward } from '../interface/segmented-model.js';

/** Standard deviation of the first token vectors. */
const EMBEDDING_STD = 0.01;

/** The tensors that go from chunk to chunk: inputs, state, dropout masks, and the outputs so far, by name. */
type LstmHiddenStates = Record<string, Tensor> & { x: Tensor; hidden: Tensor; cell: Tensor };

/**
 * Embedding → (LSTM → dropout) per layer → logits.
 * @see Zaremba et al. 2014, https://arxiv.org/abs/1409.2329
 * @example const model = new LstmLanguageModel({ vocabSize: 10_004, ...lstmPresets.standard });
 */
export class LstmLanguageModel extends SegmentedLanguageModel<LstmHiddenStates> {
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
    const { vocabSize, embeddingDim, width, tied, vocabMultiple: rowMultiple } = this.config;
    const { layers, dropout, dropoutMask, recurrentDropout } = this.config;
    const initialize = glorotUniform;
    const table = { initialize: normalInitializer(EMBEDDING_STD), rowMultiple };
    this.embedding = new Embedding(vocabSize, embeddingDim, table);
    this.lstm = new LSTM(embeddingDim, width, { layers, dropout, dropoutMask, recurrentDropout });
    this.projection = tied ? new Linear(width, embeddingDim, { initialize }) : undefined;
    this.head = tied
      ? new Linear(embeddingDim, vocabSize, { weight: this.embedding.weight, rowMultiple })
      : new Linear(width, vocabSize, { initialize, rowMultiple, role: { kind: 'head' } });
  }

  override get stateTraits(): StateTraits {
    return { recurrent: true, replayable: true };
  }

  /**
   * The state before the first token, on the device of the weights.
   * @param batch - B, a positive integer
   * @returns hidden and cell states of `[L, B, C]`, held from the first token on
   * @throws ArgumentError when `batch` is no positive integer
   */
  newState(batch: number): LstmDecodeState {
    return new LstmDecodeState(batch, (rows) => this.lstm.zeroState(rows));
  }

  /**
   * One segment, or chunks of √T tokens where segments are to be short.
   * @param ids - `[B, T]`, int64
   * @param context - the other inputs of the pass
   * @param short - chunks of √T tokens (default false)
   * @returns segments whose end gives features `[B, T, C]`, C the width of the LSTM, or of the embedding where tied
   */
  protected segment(ids: Tensor, context: ForwardContext, short = false): SegmentedForward<LstmHiddenStates> {
    const { B, T } = dims(ids, 'B T', {}, 'LstmLanguageModel.forward');
    const memory = expectState(context);
    const starts = findDocumentStarts(ids, context);
    const { training } = context;
    const chunk = short ? Math.max(1, Math.ceil(Math.sqrt(T))) : Math.max(1, T);
    const chunks = Array.from({ length: Math.ceil(Math.max(1, T) / chunk) }, (_, i) => i * chunk);
    return {
      start: () => {
        const state = memory?.read(B) ?? this.lstm.zeroState(B);
        return { x: this.embedding.forward(ids), ...state, ...nameMasks(this.lstm.sampleMasks(B, training)) };
      },
      segments: chunks.map((from) => (hidden) => {
        const length = Math.min(chunk, T - from);
        const part = starts?.narrow(1, from, length);
        const masks = readMasks(hidden, this.config.layers);
        const pass = this.lstm.forward(hidden.x.narrow(1, from, length), hidden, { training, masks, starts: part });
        return { ...hidden, ...pass.state, [`output${from}`]: pass.output };
      }),
      end: (hidden) => {
        memory?.advance(hidden, T);
        const output = cat(
          chunks.map((from) => hidden[`output${from}`]!),
          1,
        ); // B T C
        return this.projection?.forward(output) ?? output;
      },
    };
  }

  protected logits(features: Tensor): Tensor {
    return this.head.forward(features); // B T V
  }

  /** Logits are never held as a whole; padding rows have none. */
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    return this.head.lossWith(features, targets, terms);
  }
}

/** Names the masks as entries of the hidden states. */
function nameMasks({ outputs, recurrent }: LSTMMasks): Record<string, Tensor> {
  const entries = (name: string, drawn: readonly (Tensor | undefined)[]) =>
    drawn.flatMap((value, layer) => (value === undefined ? [] : [[`${name}${layer}`, value] as const]));
  return Object.fromEntries([...entries('mask', outputs), ...entries('recurrent', recurrent)]);
}

function readMasks(hidden: Readonly<Record<string, Tensor | undefined>>, layers: number): LSTMMasks {
  const values = (name: string) => Array.from({ length: layers }, (_, layer) => hidden[`${name}${layer}`]);
  return { outputs: values('mask'), recurrent: values('recurrent') };
}

function expectState({ state }: ForwardContext): LstmDecodeState | undefined {
  if (state === undefined || state instanceof LstmDecodeState) return state;
  const received = state.constructor.name;
  raise('PAL_ARGUMENT', { where: 'LstmLanguageModel.forward', expected: 'a state of newState()', received });
}

/** Finds where packed rows start a document, `[B, T]`, bool; positions say nothing more. */
function findDocumentStarts(ids: Tensor, { documents, positions, state }: ForwardContext): Tensor | undefined {
  const where = 'LstmLanguageModel.forward';
  if (documents === undefined) {
    if (positions === undefined) return undefined;
    const expected = 'positions beside documents only: a recurrent model reads from left to right';
    raise('PAL_UNSUPPORTED', { where, expected, received: 'positions alone' });
  }
  const { B, T } = dims(ids, 'B T');
  dims(documents, 'B T', { B, T }, `${where} documents`);
  if (state !== undefined) raise('PAL_UNSUPPORTED', { where, expected: 'documents without a state', received: 'both' });
  const first = zeros([B, 1], { dtype: 'bool', device: ids.device });
  return cat([first, documents.narrow(1, 1, T - 1).ne(documents.narrow(1, 0, T - 1))], 1);
}
