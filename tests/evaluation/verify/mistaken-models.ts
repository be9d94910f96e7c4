import { LanguageModel } from '../../../lib/models/index.js';
import type { DecodeState, ForwardContext } from '../../../lib/models/index.js';
import { CausalSelfAttention, Embedding, Linear, buffer, fanInUniform } from '../../../lib/nn/index.js';
import { arange, noGrad, ones, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { FadingMemoryModel } from '../../helpers/fading-memory.js';
import { FakeState } from '../../helpers/fake-state.js';

/** The classic mistakes, one a model: each gives a loss that means nothing. */

const [vocabSize, contextLength, width] = [12, 16, 32];

/** What the mistaken models share. */
abstract class TinyModel extends LanguageModel {
  readonly kind = 'tiny';
  readonly config = { vocabSize, contextLength };
  readonly embedding = new Embedding(vocabSize, width);
  readonly places = new Embedding(contextLength, width);
  readonly head = new Linear(width, vocabSize);

  forward(ids: Tensor, context: ForwardContext = { training: this.training }): Tensor {
    return this.head.forward(this.mix(this.embedded(ids), context));
  }

  newState(_batch: number): DecodeState {
    throw new Error('this model has no state');
  }

  protected abstract mix(x: Tensor, context: ForwardContext): Tensor;

  protected embedded(ids: Tensor): Tensor {
    return this.embedding.forward(ids).add(this.places.forward(arange(ids.size(1), { dtype: 'int64' })));
  }
}

/** Attention whose queries see every key. */
export class UnmaskedModel extends TinyModel {
  readonly attention = new CausalSelfAttention({
    width,
    heads: 4,
    kvHeads: 4,
    bias: false,
    dropout: 0,
    initialize: fanInUniform,
    initializeOutput: fanInUniform,
  });

  protected mix(x: Tensor, { training }: ForwardContext): Tensor {
    const T = x.size(1);
    return x.add(this.attention.forward(x, { training, mask: ones([T, T], { dtype: 'bool' }) }));
  }
}

/** A mean over the whole sequence. */
export class PooledModel extends TinyModel {
  readonly pooled = new Linear(width, width);

  protected mix(x: Tensor): Tensor {
    return x.add(this.pooled.forward(x.mean(1, { keepdim: true })));
  }
}

/** A mean over the batch. */
export class BatchNormedModel extends TinyModel {
  protected mix(x: Tensor): Tensor {
    return x.sub(x.mean(0, { keepdim: true }));
  }
}

/** Positions and cache that leave out what was read before, and no documents. */
export class ForgetfulModel extends TinyModel {
  override newState(batch: number): DecodeState {
    return new FakeState(Array<number>(batch).fill(0));
  }

  protected mix(x: Tensor, { state }: ForwardContext): Tensor {
    if (state instanceof FakeState) state.advance(x.size(1));
    const summed = x.cumsum(1);
    return summed.div(arange(1, x.size(1) + 1).unsqueeze(-1));
  }
}

/** A memory held by the model itself, which every pass writes and the next one reads. */
export class HoardingModel extends TinyModel {
  hoard = buffer(zeros([1, 1, width]));

  protected mix(x: Tensor): Tensor {
    const mixed = x.cumsum(1).add(this.hoard);
    noGrad(() => void this.hoard.copy_(x.mean([0, 1], { keepdim: true })));
    return mixed;
  }
}

/** A memory of each row of which a reset forgets to forget. */
export class UnforgettingModel extends FadingMemoryModel {
  override newState(batch: number): DecodeState {
    const state = super.newState(batch);
    state.reset = () => undefined;
    return state;
  }
}
