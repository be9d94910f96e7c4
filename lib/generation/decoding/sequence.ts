import type { Random } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';
import type { SampledToken, RowInputs } from '../sampling/row.js';
import type { ConstraintMatcher, LogitConstraint } from '../sampling/constraint.js';
import { TokenStream } from './token-stream.js';

/** The reason that a text ended: at its last token, at a stop string, or at a token that ends texts. */
export type FinishReason = 'length' | 'stop' | 'end';

/** One generated token and the text it completes; empty where a character or a stop string may be unfinished. */
export interface GeneratedToken {
  text: string;
  id: number;
  /** ln P of the token under the model, before any filter. */
  logProbability: number;
  /** Set with the last token of a text. */
  finish?: FinishReason;
}

/** Inputs of a sequence. */
export interface SequenceOptions {
  tokenizer: Tokenizer;
  /** The tokens that the model reads of the prompt. */
  prompt: readonly number[];
  random: Random;
  maxTokens: number;
  stop: readonly string[];
  endTokens: readonly number[];
  forcedTokens: readonly number[];
  /** Undefined where every token may come. */
  constraint?: LogitConstraint | undefined;
}

/** One text that grows: its prompt, what was generated, and where its random numbers come from. */
export class Sequence {
  /** Undefined while it grows. */
  finish: FinishReason | undefined;
  private generatedCount = 0;
  private readonly stream: TokenStream;
  private readonly matcher: ConstraintMatcher | undefined;

  constructor(private readonly options: SequenceOptions) {
    this.stream = new TokenStream(options.tokenizer, options.stop);
    this.matcher = options.constraint?.start(options.prompt);
    if (options.maxTokens === 0) this.finish = 'length';
  }

  /** The inputs of its row in the next pass. */
  nextInputs(): RowInputs {
    const { prompt, forcedTokens, random } = this.options;
    // A row that has ended repeats its first token beside the others.
    if (this.finish !== undefined) return { uniform: 0, forcedToken: prompt[0] ?? 0, generatedCount: -1 };
    const forcedToken = forcedTokens[this.generatedCount] ?? -1;
    const allowed = forcedToken < 0 ? this.computeAllowed() : undefined;
    return { uniform: random.float(), forcedToken, generatedCount: this.generatedCount, allowed };
  }

  /** Takes the token that was sampled; nothing comes of it where the text has ended. */
  accept({ id, logProbability }: SampledToken): GeneratedToken | undefined {
    if (this.finish !== undefined) return undefined;
    this.generatedCount++;
    this.matcher?.accept(id);
    const ends = this.options.endTokens.includes(id);
    const last = ends || this.generatedCount === this.options.maxTokens;
    const text = ends ? this.stream.flush() : last ? this.stream.pushLast(id) : this.stream.push(id);
    if (ends) this.finish = 'end';
    else if (this.stream.stopped) this.finish = 'stop';
    else if (last) this.finish = 'length';
    return { id, text, logProbability, ...(this.finish !== undefined && { finish: this.finish }) };
  }

  private computeAllowed(): Uint8Array | undefined {
    if (this.matcher === undefined) return undefined;
    const allowed = new Uint8Array(this.options.tokenizer.size);
    this.matcher.allow(allowed);
    return allowed;
  }
}
