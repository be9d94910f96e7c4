import { raise } from '../core/index.js';
import type { Module } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';

/**
 * Requires an optimizer of a model: every trainable parameter in one of its groups, and nothing else.
 * @param where - names the caller in the error
 * @param model - its trainable parameters are looked for
 * @param optimizer - whose groups hold them
 * @param leftOut - the names of parameters that are not to be trained
 * @throws ArgumentError naming the parameters that are in no group, or that are not those of the model
 */
export function expectCovered(
  where: string,
  model: Module,
  optimizer: { parameters(): Tensor[] },
  leftOut: readonly string[] = [],
): void {
  const named = new Map(Object.entries(model.namedParameters()));
  const unknown = leftOut.filter((name) => !named.has(name));
  if (unknown.length > 0) refuse(where, 'names of parameters in leftOut', listNames(unknown));
  const held = new Set(optimizer.parameters());
  const missing = [...named].filter(([name, tensor]) => isMissing(tensor, held) && !leftOut.includes(name));
  const own = new Set(named.values());
  const foreign = [...held].filter((tensor) => !own.has(tensor)).length;
  if (missing.length === 0 && foreign === 0) return;
  const lacking = `${listNames(missing.map(([name]) => name))} in no group`;
  const received = missing.length > 0 ? lacking : `${foreign} parameters of another model`;
  refuse(where, "an optimizer of the model's trainable parameters", received);
}

function isMissing(tensor: Tensor, held: ReadonlySet<Tensor>): boolean {
  return tensor.requiresGrad && !held.has(tensor);
}

function listNames(names: readonly string[]): string {
  return `${names.slice(0, 5).join(', ')}${names.length > 5 ? ` and ${names.length - 5} more` : ''}`;
}

function refuse(where: string, expected: string, received: string): never {
  raise('PAL_ARGUMENT', {
    where,
    expected,
    received,
    fix: 'Make the optimizer of this model after it is on its device; freeze what is not to be trained, or name it in leftOut.',
  });
}
