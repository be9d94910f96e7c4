import type { Random } from '../core/index.js';
import type { Tokenizer } from '../text/index.js';
import type { Drawn, RowStep } from './sampling.js';
import { TokenStream } from './token-stream.js';

/** Why a text ended: at its last token, at a stop string, or at a token that ends texts. */
export type FinishReason = 'length' | 'stop' | 'end';

/** One generated token and the text it completes; empty where a character or a stop string may be unfinished. */
export interface GeneratedPiece {
  text: string;
  id: number;
  /** ln P of the token under the model, before any filter. */
  logProbability: number;
  /** Set with the last piece of a text. */
  finish?: FinishReason;
}

/** What a sequence is made with. */
export interface SequenceOptions {
  tokenizer: Tokenizer;
  /** What the model reads of the prompt. */
  prompt: readonly number[];
  random: Random;
  maxTokens: number;
  stop: readonly string[];
  endTokens: readonly number[];
  forcedTokens: readonly number[];
}

/** One text that grows: its prompt, what was generated, and where its random numbers come from. */
export class Sequence {
  /** Undefined while it grows. */
  finish: FinishReason | undefined;
  private made = 0;
  private readonly stream: TokenStream;

  constructor(private readonly options: SequenceOptions) {
    this.stream = new TokenStream(options.tokenizer, options.stop);
    if (options.maxTokens === 0) this.finish = 'length';
  }

  /** What its row does where every row has `length` tokens. */
  stepAt(length: number): RowStep {
    const { prompt, forcedTokens, random } = this.options;
    const next = prompt[length];
    if (next !== undefined) return { place: 0, forced: next, made: -1 };
    // A row that has ended repeats its first token beside the others.
    if (this.finish !== undefined) return { place: 0, forced: prompt[0] ?? 0, made: -1 };
    return { place: random.float(), forced: forcedTokens[this.made] ?? -1, made: this.made };
  }

  /** Takes what was drawn where every row had `length` tokens; nothing comes of a token of the prompt. */
  take(length: number, { id, logProbability }: Drawn): GeneratedPiece | undefined {
    if (length < this.options.prompt.length || this.finish !== undefined) return undefined;
    this.made++;
    const ends = this.options.endTokens.includes(id);
    const last = ends || this.made === this.options.maxTokens;
    const text = ends ? this.stream.rest() : last ? this.stream.last(id) : this.stream.push(id);
    if (ends) this.finish = 'end';
    else if (this.stream.stopped) this.finish = 'stop';
    else if (last) this.finish = 'length';
    return { id, text, logProbability, ...(this.finish !== undefined && { finish: this.finish }) };
  }
}
