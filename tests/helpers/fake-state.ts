import type { DecodeState } from '../../lib/models/index.js';

/** The state of a fake model: it counts tokens, and has no rows to select. */
export class FakeState implements DecodeState {
  readonly bytes = 0;

  constructor(
    public length = 0,
    private readonly onDispose: () => void = () => undefined,
  ) {}

  get lengths(): number[] {
    return [this.length];
  }

  tensors(): Record<string, never> {
    return {};
  }

  reset(): void {
    this.length = 0;
  }

  select(): DecodeState {
    throw new Error('a fake state has no rows');
  }

  concat(): DecodeState {
    throw new Error('a fake state has no rows');
  }

  fork(): DecodeState {
    return new FakeState(this.length);
  }

  dispose(): void {
    this.onDispose();
  }
}
