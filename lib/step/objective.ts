import { raise, show } from '../core/index.js';
import { accumulateLossGradients, isLanguageModel } from '../models/interface/index.js';
import type { GradientOptions, LanguageModel, LossBatch, LossOutput, OwnLoss } from '../models/interface/index.js';
import { IGNORED_TARGET } from '../nn/index.js';
import type { Module } from '../nn/index.js';
import type { GradScaler } from '../optim/interface/index.js';
import { isTensor } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import type { Precision } from './precision.js';

/** A model, and the loss that it is trained by where that isn't its own. */
export interface Objective {
  model: Module;
  // A method, so that a loss of some class of models can stand here beside a model of it.
  loss?(this: void, model: Module, batch: LossBatch): OwnLoss;
}

/** What adds the gradients of a batch to a model: a language model by its own loss, or any model by a loss of one's own. */
export type GradientSource = Pick<LanguageModel, 'accumulateGradients'>;

/** The settings of a pass; see `TrainStepOptions`. */
export interface PassSettings {
  labelSmoothing?: number | undefined;
  zLoss?: number | undefined;
  precision?: Precision | undefined;
  checkpointing?: boolean | undefined;
  scaler?: GradScaler | undefined;
}

/** The settings of a step that only the model's own loss knows. */
type ModelTerms = Pick<GradientOptions, 'labelSmoothing' | 'zLoss' | 'checkpointing'>;

/**
 * Requires a loss, and terms that it knows.
 * @param where - named in the error
 * @param objective - the model, and the loss where it isn't the model's own
 * @param terms - of the model's own loss
 * @returns what passes a batch forward and back: the language model itself where it is trained by its own loss
 * @throws ArgumentError for a module without a loss; ConfigError for terms beside a loss of one's own
 */
export function expectObjective(where: string, objective: Objective, terms: ModelTerms): GradientSource {
  if (objective.loss === undefined) return requireLanguageModel(where, objective.model);
  const lost = Object.entries(terms).filter(([, value]) => value !== undefined && value !== 0 && value !== false);
  if (lost.length === 0) return bindLoss(objective);
  raise('PAL_CONFIG', {
    where,
    expected: `a loss of one's own without ${lost.map(([name]) => name).join(', ')}`,
    received: lost.map(([name, value]) => `${name}: ${show(value)}`).join(', '),
    fix: "They are terms of the model's own loss: leave them out, or compute them in yours.",
  });
}

/**
 * The loss of a batch.
 * @param objective - the model, and the loss where it isn't the model's own
 * @param batch - `[B, T]`, int64, and the context of the pass
 * @returns scalars `[]` with gradients
 * @throws ArgumentError when a loss of one's own gives something else
 */
export function computeLoss(objective: Objective, batch: LossBatch): LossOutput {
  const { model, loss } = objective;
  const { inputs, targets, context } = batch;
  if (loss === undefined) return requireLanguageModel('loss', model).loss(inputs, targets, context);
  const found = expectLoss(loss(model, batch));
  return { ...found, count: found.count ?? targets.ne(IGNORED_TARGET).sum() };
}

/**
 * The options of a pass.
 * @param settings - precision, terms and memory of the pass
 * @param scale - the factor of the summed loss: one over the targets of the whole batch, 0-dim
 * @returns what `LanguageModel.accumulateGradients` takes
 */
export function createGradientOptions(settings: PassSettings, scale: Tensor): GradientOptions {
  const { labelSmoothing, zLoss, checkpointing, precision = 'float32', scaler } = settings;
  const autocast = precision === 'float32' ? undefined : precision;
  return { scale: scaler?.scaleLoss(scale) ?? scale, labelSmoothing, zLoss, autocast, checkpointing };
}

/** A loss of one's own as what gives gradients. */
function bindLoss(objective: Objective): GradientSource {
  return {
    accumulateGradients: (inputs, targets, context, options = {}) =>
      accumulateLossGradients(inputs, options, () =>
        computeLoss(objective, { inputs, targets, context: context ?? { training: true } }),
      ),
  };
}

function requireLanguageModel(where: string, model: Module): LanguageModel {
  if (isLanguageModel(model)) return model;
  raise('PAL_ARGUMENT', {
    where,
    expected: 'a loss for a model that is no LanguageModel',
    received: `${model.constructor.name} without one`,
    fix: 'Pass loss: (model, { inputs, targets }) => sumTokenLoss(model.forward(inputs), targets), or another sum.',
  });
}

function expectLoss(found: unknown): OwnLoss {
  const { lossSum } = (found ?? {}) as { lossSum?: unknown };
  if (isTensor(lossSum) && lossSum.ndim === 0) return found as OwnLoss;
  raise('PAL_ARGUMENT', {
    where: 'loss',
    expected: '{ lossSum }, a scalar [] summed over the targets that count',
    received: isTensor(lossSum) ? `lossSum of shape [${lossSum.shape.join(', ')}]` : show(found),
    fix: 'As (model, { inputs, targets }) => sumTokenLoss(model.forward(inputs), targets).',
  });
}
