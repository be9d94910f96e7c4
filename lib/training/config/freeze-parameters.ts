import { raise } from '../../core/index.js';
import { selectParameters } from '../../nn/index.js';
import type { Module } from '../../nn/index.js';

/**
 * Freezes the parameters that patterns name: they get no gradient, and an optimizer made afterwards no state for them.
 * @param model - its parameters change in place; with patterns those that were frozen before stay so
 * @param patterns - names of parameters or modules, in which `*` stands for any text
 * @returns a function that takes those into training again that this call froze
 * @throws ConfigError naming the patterns that name no parameter, and when no parameter is left
 */
export function freezeParameters(model: Module, patterns: readonly string[]): () => void {
  if (patterns.length === 0) return () => undefined;
  const named = selectParameters(model.namedParameters(), patterns, { where: 'Trainer', setting: 'freeze' });
  const frozen = Object.values(named).filter(({ requiresGrad }) => requiresGrad);
  for (const tensor of frozen) tensor.requiresGrad = false;
  const unfreeze = (): void => {
    for (const tensor of frozen) tensor.requiresGrad = true;
  };
  if (Object.keys(model.namedParameters({ trainable: true })).length > 0) return unfreeze;
  unfreeze();
  return raise('PAL_CONFIG', {
    where: 'Trainer',
    expected: 'a parameter to train',
    received: `freeze: ${patterns.join(', ')}, which leaves none`,
    fix: 'Leave out a pattern, or unfreeze the model.',
  });
}
