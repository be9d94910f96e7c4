/** Ends a stream of text before the first of some strings, holding back what may turn out to be the start of one. */
export class StopMatcher {
  private held = '';

  constructor(private readonly stops: readonly string[]) {}

  /**
   * Takes more text in.
   * @param text - the next of the stream
   * @returns the text that is safe to pass on, and whether a stop string was reached
   */
  push(text: string): { text: string; stopped: boolean } {
    this.held += text;
    const end = this.findStop();
    if (end >= 0) return { text: this.release(end), stopped: true };
    return { text: this.release(this.held.length - this.measurePending()), stopped: false };
  }

  /** Releases the text held back, when the stream ends by itself. */
  flush(): string {
    return this.release(this.held.length);
  }

  private findStop(): number {
    const indices = this.stops.map((stop) => this.held.indexOf(stop)).filter((place) => place >= 0);
    return indices.length === 0 ? -1 : Math.min(...indices);
  }

  /** The length of the longest end of the text that a stop string begins with. */
  private measurePending(): number {
    const ends = this.stops.flatMap((stop) => Array.from({ length: stop.length }, (_, length) => ({ stop, length })));
    return Math.max(
      0,
      ...ends.filter(({ stop, length }) => this.held.endsWith(stop.slice(0, length))).map((end) => end.length),
    );
  }

  private release(length: number): string {
    const text = this.held.slice(0, length);
    this.held = this.held.slice(length);
    return text;
  }
}
