import { raise } from '../../core/index.js';
import { measurePrefixPhi } from '../../models/index.js';
import type { LanguageModel, Recorder } from '../../models/interface/index.js';
import { dims, noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The components of phi, in the order of its weights. */
export const phiComponents = ['temporal', 'integration', 'participation', 'attention'] as const;

/** The name of a component of phi. */
export type PhiComponent = (typeof phiComponents)[number];

/** Phi after a layer, of each prefix of some sequences. */
export interface PhiLayer {
  /** The path of the layer, as `blocks.0`. */
  name: string;
  /** B rows of T values each; a value reads the tokens up to its own alone. */
  phi: number[][];
  /** Each B rows of T values, from 0 to 1. */
  components: Record<PhiComponent, number[][]>;
}

/** Keeps the tensors that a pass records, by name. */
class TensorRecorder implements Recorder {
  readonly values = new Map<string, Tensor>();

  record(name: string, value: Tensor): void {
    this.values.set(name, value);
  }

  /** The tensors whose names end so, in the order of layers. */
  list(ending: string): [string, Tensor][] {
    return [...this.values].filter(([name]) => name.endsWith(ending));
  }
}

/**
 * Phi of each prefix after each layer, from the states of that layer and the attention up to it. It is a heuristic of
 * integration and nothing more: compare it with that of an untrained model and of shuffled tokens.
 * @param model - one that records its states, as the Infinito
 * @param ids - `[B, T]`, int64, T at most a segment
 * @returns the layers in order
 * @throws PalabraError of code PAL_UNSUPPORTED for a model that records no states
 * @throws ShapeError for rows longer than a segment
 * @example const layers = collectPhi(model, tensor([ids], { dtype: 'int64' }));
 */
export function collectPhi(model: LanguageModel, ids: Tensor): PhiLayer[] {
  const { T } = dims(ids, 'B T', {}, 'collectPhi');
  expectSegment(model, T);
  return noGrad(() =>
    scope(() => {
      const recorder = new TensorRecorder();
      model.forward(ids, { training: false, recorder });
      const states = recorder.list('.states');
      if (states.length === 0) refuseModel(model);
      const attention = recorder.list('.attention').map(([, weights]) => weights);
      const logits = model.namedParameters()['memory.phiLogits'];
      return states.map(([name, hidden], layer) => {
        const measured = measurePrefixPhi(hidden, attention.slice(0, layer + 1), logits);
        return toLayer(name.slice(0, -'.states'.length), measured);
      });
    }),
  );
}

function toLayer(name: string, { components, phi }: { components: Tensor; phi: Tensor }): PhiLayer {
  const split = phiComponents.map((component, i) => [component, toRows(components.select(2, i))] as const);
  return { name, phi: toRows(phi), components: Object.fromEntries(split) as PhiLayer['components'] };
}

function toRows(values: Tensor): number[][] {
  return values.tolist() as number[][];
}

/**
 * Finds the layer whose phi a memory reads.
 * @param model - that gave the layers
 * @param layers - of {@link collectPhi}
 * @returns its index; of the last layer for a model without memory
 */
export function findPhiLayer(model: LanguageModel, layers: readonly PhiLayer[]): number {
  const { memory, layers: blocks } = model.config as { memory?: { type: string; layer?: number }; layers?: number };
  if (memory?.type !== 'slots') return layers.length - 1;
  return (memory.layer ?? Math.ceil((blocks ?? layers.length) / 2)) - 1;
}

/**
 * The most tokens of a row that {@link collectPhi} reads.
 * @param model - one that reads by segments
 * @returns tokens of a segment
 * @throws PalabraError of code PAL_UNSUPPORTED for a model that has no segments
 */
export function getSegmentLength(model: LanguageModel): number {
  const { segmentLength } = model.config as { segmentLength?: number };
  return segmentLength ?? refuseModel(model);
}

function expectSegment(model: LanguageModel, T: number): void {
  const segmentLength = getSegmentLength(model);
  if (T <= segmentLength) return;
  raise('PAL_SHAPE', {
    where: 'collectPhi',
    expected: `rows of at most segmentLength = ${segmentLength} tokens`,
    received: String(T),
    fix: 'Cut the text into segments, a row each.',
  });
}

function refuseModel(model: LanguageModel): never {
  raise('PAL_UNSUPPORTED', {
    where: 'collectPhi',
    expected: 'a model that records its states, as infinito',
    received: model.kind,
  });
}
