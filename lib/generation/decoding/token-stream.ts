import { StreamDecoder } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import { StopMatcher } from './stop.js';

/** Turns generated ids into text that ends before the first stop string. */
export class TokenStream {
  /** True where a stop string was reached. */
  stopped = false;
  private readonly decoder: StreamDecoder;
  private readonly stops: StopMatcher;

  constructor(tokenizer: Tokenizer, stops: readonly string[]) {
    this.decoder = new StreamDecoder(tokenizer);
    this.stops = new StopMatcher(stops);
  }

  /** The text that one more token completes. */
  push(id: number): string {
    return this.match(this.decoder.push(id));
  }

  /** The text of the last token, and whatever was held back. */
  pushLast(id: number): string {
    return this.push(id) + (this.stopped ? '' : this.flush());
  }

  /** Releases the text held back. */
  flush(): string {
    const text = this.match(this.decoder.flush());
    return this.stopped ? text : text + this.stops.flush();
  }

  private match(text: string): string {
    const { text: safe, stopped } = this.stops.push(text);
    this.stopped = stopped;
    return safe;
  }
}
