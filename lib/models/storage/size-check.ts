import { formatInteger, raise } from '../../core/index.js';
import type { Architecture } from '../interface/architecture.js';

/** The excess of a configuration over its file that is refused at once; smaller ones are reported by tensor. */
const [FACTOR, SLACK] = [4, 2 ** 16];

/**
 * Refuses a configuration that asks for far more than the weights beside it, before memory is taken for a model.
 *
 * @param folder - named in the error
 * @param architecture - that of the configuration
 * @param config - plain data as the model's `config`
 * @param shapes - of the tensors in the file
 * @throws CheckpointError for more layers than there are tensors, or numbers beyond 4 times those held and 65,536
 * @throws ConfigError when the configuration does not fit its schema
 */
export function expectWithinFile(
  folder: string,
  architecture: Architecture,
  config: unknown,
  shapes: readonly (readonly number[])[],
): void {
  const { layers, numbers } = architecture.measureLeastSize(config);
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
