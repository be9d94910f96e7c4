import { formatInteger, parseConfig, raise } from '../../core/index.js';
import { gptConfigSchema } from '../gpt/gpt-config.js';
import { lstmConfigSchema } from '../lstm/lstm-config.js';

/** What a model has at least, by plain arithmetic: layers, each of several tensors, and numbers in its large matrices. */
interface LeastSize {
  layers: number;
  numbers: number;
}

const leastSizes: Readonly<Record<string, (config: unknown) => LeastSize>> = {
  gpt: (config) => {
    const { vocabSize, width, layers, mlp, positions, contextLength } = parseConfig('Gpt', gptConfigSchema, config);
    const block = 2 * width * (width + (mlp.hiddenWidth ?? width));
    const table = (vocabSize + (positions.type === 'learned' ? contextLength : 0)) * width;
    return { layers, numbers: table + layers * block };
  },
  lstm: (config) => {
    const sizes = parseConfig('LstmLanguageModel', lstmConfigSchema, config);
    const { vocabSize, vocabMultiple, embeddingDim, width, layers } = sizes;
    const rows = vocabMultiple * Math.ceil(vocabSize / vocabMultiple);
    return { layers, numbers: rows * embeddingDim + layers * 4 * width * width };
  },
};

/** How far a configuration may exceed its file before it is out of the question; what is nearer is told by tensor. */
const [FACTOR, SLACK] = [4, 2 ** 16];

/**
 * Refuses a configuration that asks for far more than the weights beside it, before memory is taken for a model.
 *
 * @param folder - named in the error
 * @param kind - the architecture
 * @param config - its configuration
 * @param shapes - of the tensors in the file
 * @throws CheckpointError
 * @throws ConfigError when the configuration does not fit its schema
 */
export function expectWithinFile(
  folder: string,
  kind: string,
  config: unknown,
  shapes: readonly (readonly number[])[],
): void {
  const { layers, numbers } = leastSizes[kind]?.(config) ?? { layers: 0, numbers: 0 };
  const held = shapes.reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);
  if (layers <= shapes.length && numbers <= FACTOR * held + SLACK) return;
  raise('PAL_CHECKPOINT', {
    where: folder,
    expected: `weights for config.json: ${formatInteger(layers)} layers, ${formatInteger(numbers)} numbers or more`,
    received: `${shapes.length} tensors with ${formatInteger(held)} numbers`,
    fix: 'One of the files was damaged or belongs to another model.',
    details: { path: folder },
  });
}
