import { expectPositiveInteger, raise, show } from '../core/index.js';
import { dims, noGrad, scope, tensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Tokenizer } from '../text/index.js';
import { computePrincipalAxes } from './principal-axes.js';

/** A token near a point of the space. */
export interface Neighbour {
  id: number;
  text: string;
  /** The cosine of the angle between the two vectors. */
  similarity: number;
}

/** A token in the plane of the two directions in which the vectors differ most. */
export interface EmbeddingPoint {
  id: number;
  text: string;
  x: number;
  y: number;
}

/** The picture of a vocabulary in two dimensions. */
export interface EmbeddingPlane {
  points: EmbeddingPoint[];
  /** The shares of the whole variance along x and y. */
  explained: [number, number];
}

/** A token by its id, or by a text that is one token. */
export type TokenName = string | number;

/**
 * The vectors that a model has learned for its tokens; it holds a copy until {@link EmbeddingSpace.dispose}.
 *
 * @example
 * using space = new EmbeddingSpace(model.embedding.weight, tokenizer);
 * space.neighbours('river', 5);
 */
export class EmbeddingSpace {
  /** Vectors of length one, `[V, C]`; zero stays zero. */
  private readonly directions: Tensor;
  private readonly table: Tensor;

  /**
   * @param table - `[V, C]`, or with padding rows after the vocabulary
   * @throws ShapeError when the table has fewer rows than the tokenizer has tokens
   */
  constructor(
    table: Tensor,
    private readonly tokenizer: Tokenizer,
  ) {
    const { V } = dims(table, 'V C', {}, 'EmbeddingSpace');
    if (V < tokenizer.size) {
      raise('PAL_SHAPE', {
        where: 'EmbeddingSpace',
        expected: `a row for each of ${tokenizer.size} tokens`,
        received: String(V),
      });
    }
    const copies = noGrad(() =>
      scope(() => {
        const rows = table.detach().narrow(0, 0, tokenizer.size).to({ dtype: 'float32', device: 'cpu' }).clone();
        return { rows, unit: rows.div(rows.norm(2, 1, { keepdim: true }).clamp({ min: 1e-12 })) };
      }),
    );
    this.table = copies.rows.keep();
    this.directions = copies.unit.keep();
  }

  /** The tokens whose vectors point most alike, the nearest first; the token itself is left out. */
  neighbours(token: TokenName, count = 10): Neighbour[] {
    const id = this.resolveId(token);
    return scope(() => this.nearest(this.directions.select(0, id), new Set([id]), count));
  }

  /** Finds what is to `of` as `to` is to `from`: the tokens nearest to to − from + of, these three left out. */
  analogy({ from, to, of }: { from: TokenName; to: TokenName; of: TokenName }, count = 10): Neighbour[] {
    const ids = [from, to, of].map((token) => this.resolveId(token)) as [number, number, number];
    return scope(() => {
      const [a, b, c] = ids.map((id) => this.directions.select(0, id)) as [Tensor, Tensor, Tensor];
      const sum = b.sub(a).add(c);
      return this.nearest(sum.div(sum.norm().clamp({ min: 1e-12 })), new Set(ids), count);
    });
  }

  /** Every token, or some, in the plane of the first two principal components of all vectors. */
  plane(tokens: readonly TokenName[] = Array.from({ length: this.tokenizer.size }, (_, id) => id)): EmbeddingPlane {
    const ids = tokens.map((token) => this.resolveId(token));
    return scope(() => {
      const { coordinates, explained } = computePrincipalAxes(this.table, 2);
      const rows = coordinates.indexSelect(0, tensor(ids, { dtype: 'int64' })).tolist() as [number, number][];
      const points = ids.map((id, i) => ({ id, text: this.tokenizer.decode([id]), x: rows[i]![0], y: rows[i]![1] }));
      return { points, explained: explained as [number, number] };
    });
  }

  /** Frees the copy. */
  dispose(): void {
    this.table.dispose();
    this.directions.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private nearest(direction: Tensor, without: ReadonlySet<number>, count: number): Neighbour[] {
    expectPositiveInteger('EmbeddingSpace', 'count', count);
    const similar = this.directions.mv(direction);
    const { values, indices } = similar.topk(Math.min(count + without.size, this.tokenizer.size));
    const [scores, ids] = [values.tolist() as number[], [...(indices.data() as BigInt64Array)].map(Number)];
    const found = ids.map((id, i) => ({ id, text: this.tokenizer.decode([id]), similarity: scores[i]! }));
    return found.filter(({ id }) => !without.has(id)).slice(0, count);
  }

  private resolveId(token: TokenName): number {
    const { size } = this.tokenizer;
    if (typeof token === 'number') {
      if (Number.isInteger(token) && token >= 0 && token < size) return token;
      return refuse(`an id from 0 to ${size - 1}`, String(token));
    }
    const ids = this.tokenizer.encode(token);
    return ids.length === 1 ? ids[0]! : refuse('a text that is one token', `${show(token)}, which is ${ids.length}`);
  }
}

function refuse(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'EmbeddingSpace', expected, received });
}
