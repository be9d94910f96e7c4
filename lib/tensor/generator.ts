import { expectInteger, raise } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import type { GeneratorId } from '../native/index.js';

const brand = Symbol.for('palabra.generator');
const abandoned = new FinalizationRegistry<GeneratorId>((id) => loadAddon().disposeGenerator(id));

/**
 * A stream of random numbers of its own, on the CPU.
 *
 * @example
 * const a = randn([2], { generator: new Generator(7) });
 * const b = randn([2], { generator: new Generator(7) }); // the same values
 */
export class Generator {
  /** @internal Its place in the native table; 0 is the environment's own. */
  readonly id: GeneratorId;
  #disposed = false;

  /** @param seed - an integer; the same one gives the same stream */
  constructor(seed: number | bigint = 0) {
    this.id = loadAddon().createGenerator(expectSeed('Generator', seed));
    abandoned.register(this, this.id, this);
  }

  /** Tests if a value is a generator, whichever copy of the class made it. */
  static isGenerator(value: unknown): value is Generator {
    return typeof value === 'object' && value !== null && (value as Partial<Generator>)[brand] === true;
  }

  /** @internal Marks the class across realms. */
  get [brand](): true {
    return true;
  }

  /** The seed it was last given. */
  get seed(): bigint {
    return loadAddon().generatorSeed(this.id);
  }

  /** Starts the stream of another seed. */
  manualSeed(seed: number | bigint): this {
    loadAddon().seedGenerator(this.id, expectSeed('Generator.manualSeed', seed));
    return this;
  }

  /** Returns the state of the stream, for {@link Generator.setState}. */
  state(): Uint8Array {
    return new Uint8Array(loadAddon().generatorState(this.id));
  }

  /** Continues where {@link Generator.state} was taken. */
  setState(state: Uint8Array): this {
    if (!ArrayBuffer.isView(state)) {
      raise('PAL_ARGUMENT', { where: 'Generator.setState', expected: 'bytes of state()', received: typeof state });
    }
    loadAddon().setGeneratorState(this.id, state);
    return this;
  }

  /** Frees it. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    abandoned.unregister(this);
    loadAddon().disposeGenerator(this.id);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/**
 * Requires an integer that a generator takes as its seed.
 * @param where - the caller's name, for the error
 * @param seed - a bigint or a safe integer; anything else is refused
 * @returns `seed`
 * @throws ArgumentError otherwise
 */
export function expectSeed(where: string, seed: number | bigint): number | bigint {
  return typeof seed === 'bigint' ? seed : expectInteger(where, 'seed', seed);
}
