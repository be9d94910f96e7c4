import { raise } from '../core/index.js';
import { buildModel } from '../models/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Module } from '../nn/index.js';
import type { Optimizer } from '../optim/interface/index.js';
import type { TrainerEnd } from './callbacks/callback.js';
import type { TrainerEvaluation, TrainerStep } from './report.js';
import { overlayRunSettings } from './run-directory/overlay-run-settings.js';
import { readRunConfig } from './run-directory/run-config.js';
import { completeFineTuning } from './config/fine-tuning.js';
import { expectPassedAgain } from './config/own-functions.js';
import { TrainerSession } from './session.js';
import type { TrainerConfig } from './config/trainer-config.js';
import { expectStorable, parseTrainerOptions } from './config/trainer-options.js';
import type { ResumeOptions, TrainerOptions } from './config/trainer-options.js';

/**
 * Trains a language model: updates, evaluations, checkpoints, and whatever callbacks do.
 *
 * @example
 * const trainer = new Trainer({ model, tokenizer, data, epochs: 3, runDirectory: 'runs/first' });
 * for await (const step of trainer.steps()) if (step.validation) console.log(step.index, step.validation.perplexity);
 */
export class Trainer<Model extends Module = LanguageModel> {
  private readonly session: TrainerSession;
  private started = false;

  /** @throws ConfigError naming everything in the configuration that does not fit */
  constructor(options: TrainerOptions<Model>) {
    // What is called with a model is called with the one that stands beside it.
    const parsed = parseTrainerOptions(completeFineTuning(options as unknown as TrainerOptions<Module>));
    expectStorable(parsed.inputs);
    this.session = new TrainerSession(parsed);
  }

  /**
   * A trainer that goes on where the run in a folder was stopped or broke off, to the same weights bit by bit. Settings
   * that are to differ go over those that the run named, and what was derived from them is derived anew.
   *
   * @param runDirectory - the folder
   * @param options - the data, the callbacks beyond the built-in ones, and settings that are to differ
   * @throws PalabraError of code PAL_FILE when the folder holds no run; ConfigError where it was started with functions that
   *   are not passed again
   */
  static async resume<Model extends Module = LanguageModel>(
    runDirectory: string,
    options: ResumeOptions<Model>,
  ): Promise<Trainer<Model>> {
    parseTrainerOptions(options as unknown as TrainerOptions<Module>, 'Trainer.resume');
    const stored = await readRunConfig(runDirectory);
    expectPassedAgain(stored.own, options);
    const model = options.model ?? (buildModel(stored.model.kind, stored.model.config) as Module as Model);
    return new Trainer<Model>({ ...overlayRunSettings(stored, options), model, runDirectory, resume: true });
  }

  /** The model, which is trained in place. */
  get model(): Model {
    return this.session.context.inputs.model as Model;
  }

  /** The optimizer of its parameters. */
  get optimizer(): Optimizer {
    return this.session.context.optimizer;
  }

  /** Every setting, the defaults filled in. */
  get config(): TrainerConfig {
    return this.session.context.config;
  }

  /** Updates made so far, those before a resume included. */
  get step(): number {
    return this.session.context.state.step;
  }

  /** Updates that the limits allows; undefined where only time is bounded. */
  get totalSteps(): number | undefined {
    return this.session.context.limits.steps;
  }

  /** The evaluation with the lowest loss. */
  get best(): TrainerEvaluation | undefined {
    return this.session.context.state.best;
  }

  /**
   * Hands figures of one's own to everything that records the run: the metrics log, TensorBoard, `logged` of the coming
   * step, and `onEvent` of every callback.
   * @param values - numbers by names of any kind
   * @throws ArgumentError for a value that is no number, and before the first step or after the end
   */
  log(values: Readonly<Record<string, number>>): void {
    this.session.log(values);
  }

  /** Ends the run after the step under way; a checkpoint is saved. The first reason stays. */
  stop(reason = 'stopped'): void {
    this.session.stop(reason);
  }

  /**
   * The steps of the run, each after it is made. Leaving the loop early ends the run and saves a checkpoint.
   *
   * @returns how the run ended
   * @throws PalabraError of code PAL_NON_FINITE when loss or gradients are no numbers, PAL_CAUSALITY when the model sees
   * later tokens, PAL_LOCKED when another process works in the folder, PAL_FILE when the disk refuses
   */
  async *steps(): AsyncGenerator<TrainerStep, TrainerEnd, undefined> {
    const session = this.begin();
    const { data, runner, callbacks } = session.context;
    try {
      await session.open(); // 1. folder, last checkpoint, a look at the model, callbacks
      while (!session.ended) {
        const step = await runner.run(data.next()); // 2. forward, loss, backward, clip, update
        await callbacks.notify((callback) => callback.onUpdate?.(step)); // 3. averages of the weights
        await session.evaluate(step); // 4. the validation data, where it is due, and callbacks
        await session.save(); // 5. a checkpoint, where it is due
        yield session.addLogged(step);
      }
    } catch (error) {
      await session.abandon(error);
      throw error;
    } finally {
      await session.close(); // 6. last checkpoint, model folder, callbacks, lock
    }
    return session.end;
  }

  /** Runs to the end. @returns how the run ended */
  async run(): Promise<TrainerEnd> {
    const steps = this.steps();
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) return value;
    }
  }

  private begin(): TrainerSession {
    if (this.started) {
      const fix = 'Make a new Trainer, or go on with Trainer.resume.';
      raise('PAL_ARGUMENT', {
        where: 'Trainer.steps',
        expected: 'a trainer that has not run',
        received: 'one that has',
        fix,
      });
    }
    this.started = true;
    return this.session;
  }
}
