import { checkOptions, expectPositiveInteger, isPlainSettings, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';

/** The sizes of a model of the design note. */
export interface LegacyInfinitoSizes {
  /** Token ids, V (default 50,257, those of GPT-2). */
  vocabSize?: number;
  /** C. */
  width: number;
  layers: number;
  /** The gate of the memory, and the norm behind it (default: neither). */
  gate?: 'none' | 'static' | 'dynamic';
}

const sizeKeys: OptionChecks<LegacyInfinitoSizes> = { vocabSize: true, width: true, layers: true, gate: true };

/** Positions of the table of the design note. */
const POSITIONS = 1000;
/** Width of the last map of the integration module. */
const COMPONENTS = 64;

type Shapes = Record<string, readonly number[]>;

/**
 * The parameters of the models that the design note reports, for its tables alone: blocks that norm after the sum, an
 * output of its own, a memory whose key map nothing reads. No such model can be built: it saw later tokens, and nothing
 * was ever written to its memory.
 * @param sizes - of the model
 * @returns shapes by name; their product sums are the counts of the note, as 65,324,439 for width 512 and four layers
 * @throws ArgumentError for sizes that are no positive integers
 */
export function listLegacyShapes(sizes: LegacyInfinitoSizes): Record<string, readonly number[]> {
  const { vocabSize = 50_257, width, layers, gate = 'none' } = checkOptions('listLegacyShapes', sizes, sizeKeys);
  for (const [name, size] of Object.entries({ vocabSize, width, layers }))
    expectPositiveInteger('listLegacyShapes', name, size);
  const blocks = Array.from({ length: layers }, (_, layer) => listBlock(`blocks.${layer}`, width));
  return {
    'embedding.weight': [vocabSize, width],
    'positions.weight': [1, POSITIONS, width],
    ...(Object.assign({}, ...blocks) as Shapes),
    ...listLinear('head', width, vocabSize),
    ...listLinear('memory.query', width, width),
    ...listLinear('memory.key', width, width),
    'memory.threshold': [],
    ...listLinear('integration.down', width, width / 2),
    ...listLinear('integration.components', width, COMPONENTS),
    phiLogits: [4],
    'noise.scale': [],
    ...(gate !== 'none' && listNorm('memoryNorm', width)),
    ...(gate === 'static' && { gate: [] }),
    ...(gate === 'dynamic' && { ...listLinear('gate.up', width, width / 4), ...listLinear('gate.down', width / 4, 1) }),
  };
}

/**
 * Refuses the memory of the design note.
 * @param options - of an Infinito
 * @throws PalabraError of code PAL_UNSUPPORTED that says why
 */
export function refuseLegacy(options: unknown): void {
  const memory = isPlainSettings(options) ? options.memory : undefined;
  if (!isPlainSettings(memory) || memory.type !== 'legacy') return;
  raise('PAL_UNSUPPORTED', {
    where: 'Infinito',
    expected: 'a memory of type slots or none',
    received: 'legacy, which has shapes alone: its model saw the tokens it was to predict, and nothing was written',
    fix: 'Count its parameters by listLegacyShapes.',
  });
}

function listBlock(name: string, width: number): Shapes {
  const maps = ['query', 'key', 'value', 'output'].map((map) => listLinear(`${name}.attention.${map}`, width, width));
  const norms = ['attentionNorm', 'mlpNorm'].map((norm) => listNorm(`${name}.${norm}`, width));
  const mlp = [listLinear(`${name}.mlp.up`, width, 4 * width), listLinear(`${name}.mlp.down`, 4 * width, width)];
  return Object.assign({}, ...maps, ...norms, ...mlp) as Shapes;
}

function listLinear(name: string, from: number, to: number): Shapes {
  return { [`${name}.weight`]: [to, from], [`${name}.bias`]: [to] };
}

function listNorm(name: string, width: number): Shapes {
  return { [`${name}.weight`]: [width], [`${name}.bias`]: [width] };
}
