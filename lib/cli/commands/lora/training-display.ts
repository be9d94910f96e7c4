import { Progress } from '../../../core/index.js';
import type { Output } from '../../output.js';
import { pluralize } from '../../print-result.js';

const STAGES = {
  base: 'measuring the base',
  current: 'measuring the current version',
  training: 'training',
  version: 'measuring the new version',
};

/** What is shown of a plan. */
interface ShownPlan {
  steps: readonly unknown[];
  duplicates: { copies: number; near: readonly unknown[] };
}

/** What is shown of a step: its number, its loss in nats a token, and the tokens trained on so far. */
interface ShownStep {
  step: number;
  loss: number;
  tokens: number;
}

/** Shows on standard error how far `palabra lora train` has come. */
export class TrainingDisplay {
  private progress: Progress | undefined;

  constructor(private readonly output: Output) {}

  showPlan({ steps, duplicates: { copies, near } }: ShownPlan): void {
    const pairs = `${pluralize(near.length, 'pair')} of near copies`;
    this.output.err(`${pluralize(steps.length, 'file')}, ${copies} copied, ${pairs}\n`);
  }

  showStage(stage: keyof typeof STAGES, steps: number): void {
    this.finish();
    this.output.err(`${STAGES[stage]} …\n`);
    const { isTTY, columns } = process.stderr;
    const stream = { isTTY, columns, write: this.output.err };
    if (stage === 'training') this.progress = new Progress({ total: steps, label: 'train', stream });
  }

  showStep({ step, loss, tokens }: ShownStep): void {
    this.progress?.update(step, { loss, tokens });
  }

  finish(): void {
    this.progress?.finish();
    this.progress = undefined;
  }
}
