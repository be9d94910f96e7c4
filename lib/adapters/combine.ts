import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectFinite, raise } from '../core/index.js';
import type { Module } from '../nn/index.js';
import { cat, noGrad, scope } from '../tensor/index.js';
import { expectAdapterName, layAdapter } from './add-adapter.js';
import type { AdapterSummary } from './add-adapter.js';
import { expectAdapter } from './adapter-registry.js';
import { listAdapted } from './adapter-tensors.js';
import type { AdaptedModule } from './adapter-tensors.js';
import type { LoraFactors } from './layers/lora-factors.js';
import { setAdapterTrainable } from './switch.js';

/** Settings of {@link combineAdapters}. */
export interface CombineAdaptersOptions {
  /** The name of the new adapter. */
  name: string;
  /** The factor on the update of each adapter, by its name; negative for the opposite. */
  weights: Readonly<Record<string, number>>;
}

/** The keys of {@link CombineAdaptersOptions}. */
export const combineAdaptersKeys: OptionChecks<CombineAdaptersOptions> = { name: expectAdapterName, weights: true };

/** An adapted module with the factors that are combined on it, each with its weight. */
interface Combination {
  adapted: AdaptedModule;
  parts: { factors: LoraFactors; weight: number }[];
}

/**
 * Adds an adapter whose update is the weighted sum of those of others: their factors stand one beside the other, so that
 * the sum is exact, at the sum of their ranks. It acts from now on and is not trained.
 *
 * @param model - the root
 * @param options - the name of the new adapter, and the weights of the others
 * @returns the modules adapted
 * @throws ArgumentError for a name that is taken or that no adapter has, and of code PAL_UNSUPPORTED for adapters with
 *   DoRA, biases or modules trained whole, whose sum has no such form
 * @example combineAdapters(model, { name: 'both', weights: { poems: 0.7, letters: 0.3 } });
 */
export function combineAdapters(model: Module, options: CombineAdaptersOptions): AdapterSummary {
  const where = 'combineAdapters';
  const { name, weights } = checkOptions(where, options, combineAdaptersKeys);
  const combinations = listCombinations(where, model, weights);
  const targets = combinations.map(({ adapted: { path, module }, parts }) => {
    const r = parts.reduce((sum, { factors }) => sum + factors.r, 0);
    return { path, module, r, loraAlpha: r };
  });
  const r = Math.max(...targets.map((target) => target.r));
  const config = { ...{ r, loraAlpha: r, loraDropout: 0, targetModules: targets.map(({ path }) => path) }, ...PLAIN };
  const summary = layAdapter(where, model, { name, config, targets, saved: [] });
  for (const { path, lora } of listAdapted(model)) {
    const combination = combinations.find(({ adapted }) => adapted.path === path);
    if (combination !== undefined) fillFactors(lora.get(name)!, combination.parts);
  }
  setAdapterTrainable(model, name, false);
  return { ...summary, trainableParameters: 0 };
}

const PLAIN = {
  bias: 'none',
  useRslora: false,
  useDora: false,
  rankPattern: {},
  alphaPattern: {},
  loraPlusRatio: 1,
} as const;

function listCombinations(where: string, model: Module, weights: CombineAdaptersOptions['weights']): Combination[] {
  const entries = Object.entries(weights);
  if (entries.length === 0)
    raise('PAL_ARGUMENT', { where, expected: 'weights of at least one adapter', received: 'none' });
  for (const [name, weight] of entries) {
    expectFinite(where, `weights.${name}`, weight);
    expectPlain(where, model, name);
  }
  return listAdapted(model).flatMap((adapted) => {
    const parts = entries.flatMap(([name, weight]) => {
      const factors = adapted.lora.get(name);
      return factors === undefined ? [] : [{ factors, weight }];
    });
    return parts.length === 0 ? [] : [{ adapted, parts }];
  });
}

function expectPlain(where: string, model: Module, name: string): void {
  const { registry, entry } = expectAdapter(where, model, name);
  const received = [
    ...(entry.config.useDora ? ['DoRA'] : []),
    ...(Object.keys(registry.replacements[name] ?? {}).length > 0 ? ['tensors in the place of the base’s'] : []),
  ];
  if (received.length === 0) return;
  raise('PAL_UNSUPPORTED', { where, expected: `an update B·A alone in ${JSON.stringify(name)}`, received: received.join(' and ') }); // prettier-ignore
}

/** A is those of the parts one below the other, B those times their strengths one beside the other. */
function fillFactors(target: LoraFactors, parts: Combination['parts']): void {
  noGrad(() => {
    scope(() => {
      target.A.copy_(cat(parts.map(({ factors }) => factors.A), 0)); // prettier-ignore
      target.B.copy_(cat(parts.map(({ factors, weight }) => factors.B.mul(weight * factors.scaling)), 1)); // prettier-ignore
    });
  });
}
