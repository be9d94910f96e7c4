import { isPalabraError } from '../../lib/core/index.js';
import type { CoreAddon, Slot } from '../../lib/native/index.js';
import { Scope, backward, noGrad, program, randn } from '../../lib/tensor/index.js';
import type { Program, Tensor } from '../../lib/tensor/index.js';

/** A training program that is always under way, and handles of its tensors for others to meet it with. */
export class RunningWork {
  readonly slots: Slot[];
  private readonly work = new Scope();
  private readonly input: Tensor;
  private readonly step: Program<[Tensor], Tensor>;
  private running: Promise<void> | undefined;

  constructor(addon: CoreAddon) {
    const own = (tensor: Tensor): Tensor => this.work.own(tensor);
    const weight = own(randn([16, 16], { requiresGrad: true }));
    const state = own(randn([16]));
    const shared = own(weight.mul(2));
    this.input = own(randn([8, 16]));
    this.step = program((x: Tensor) => {
      let hidden = x.add(state);
      for (let layer = 0; layer < 10; layer++) hidden = hidden.matmul(weight).tanh();
      const loss = hidden.matmul(shared).square().mean();
      backward(loss, { retainGraph: true });
      // Others may have frozen it meanwhile.
      const gradient = weight.grad;
      noGrad(() => {
        if (gradient === undefined) return;
        state.add_(gradient.sum(0));
        weight.sub_(gradient, { alpha: 0.01 });
      });
      weight.grad = undefined;
      return loss.detach();
    });
    own(this.step.runSync(this.input));
    this.work.run(() => void weight.sum().backward());
    const seen = [weight, weight.grad!, own(weight.detach().t()), state, shared, this.input, own(randn([16, 16]))];
    this.slots = seen.map((tensor) => addon.alias(tensor.slot));
  }

  /** Starts the next run where the last has settled. */
  go(): void {
    this.running ??= this.step
      .run(this.input)
      .then((loss) => loss.dispose(), expectRefusal)
      .finally(() => (this.running = undefined));
  }

  /** Waits for the run under way. */
  async settle(): Promise<void> {
    await this.running;
  }

  dispose(): void {
    this.step.dispose();
    this.work.dispose();
  }
}

/** A run may fail after what others did to its tensors, but as a PalabraError alone. */
function expectRefusal(error: unknown): void {
  if (!isPalabraError(error) || error.code === 'PAL_INTERNAL') throw error;
}
