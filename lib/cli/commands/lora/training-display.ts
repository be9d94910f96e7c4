import { Progress } from '../../../core/index.js';
import type { AdapterStage, AdapterStep, ReadPlan } from '../../../tasks/index.js';
import type { Output } from '../../output.js';
import { pluralize } from '../../print-result.js';

const STAGES: Readonly<Record<AdapterStage, string>> = {
  base: 'measuring the base',
  current: 'measuring the current version',
  training: 'training',
  version: 'measuring the new version',
};

/** Shows on standard error how far `palabra lora train` has come. */
export class TrainingDisplay {
  private progress: Progress | undefined;

  constructor(private readonly output: Output) {}

  showPlan({ steps, duplicates: { copies, near } }: ReadPlan): void {
    const pairs = `${pluralize(near.length, 'pair')} of near copies`;
    this.output.err(`${pluralize(steps.length, 'file')}, ${copies} copied, ${pairs}\n`);
  }

  showStage(stage: AdapterStage, steps: number): void {
    this.finish();
    this.output.err(`${STAGES[stage]} …\n`);
    const { isTTY, columns } = process.stderr;
    const stream = { isTTY, columns, write: this.output.err };
    if (stage === 'training') this.progress = new Progress({ total: steps, label: 'train', stream });
  }

  showStep({ step, loss, tokens }: AdapterStep): void {
    this.progress?.update(step, { loss, tokens });
  }

  finish(): void {
    this.progress?.finish();
    this.progress = undefined;
  }
}
