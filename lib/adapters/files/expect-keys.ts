import { raise } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import type { SafetensorsReader } from '../../tensor/index.js';
import { equal, scope } from '../../tensor/index.js';
import { listAdapted } from '../adapter-tensors.js';
import type { ModuleNames } from '../config/module-names.js';
import type { FileTensor } from './file-tensors.js';
import { computeFileShape } from './file-tensors.js';
import { PREFIX } from './keys.js';

/**
 * Requires that a file holds exactly the tensors of an adapter, in their shapes.
 * @param path - of the file, named in the error
 * @param file - its tensors
 * @param tensors - of the adapter
 * @param model - the root
 * @param names - of modules in the file
 * @throws CheckpointError naming every tensor that is missing, unknown or misshapen
 */
export function expectKeys(
  path: string,
  file: SafetensorsReader,
  tensors: readonly FileTensor[],
  model: Module,
  names: ModuleNames,
): void {
  const wanted = new Set(tensors.map(({ key }) => key));
  const missing = tensors.filter(({ key }) => !file.has(key)).map(({ key }) => `${key} is missing`);
  const copies = listTableCopies(file, model, names);
  const unknown = file.names.filter((key) => !wanted.has(key) && !copies.has(key)).map((key) => `${key} is unknown`);
  const misshapen = tensors.flatMap((tensor) => {
    const [shape, expected] = [file.has(tensor.key) ? file.shape(tensor.key) : [], computeFileShape(tensor)];
    if (!file.has(tensor.key) || String(shape) === String(expected)) return [];
    return [`${tensor.key} has shape [${String(shape)}], not [${String(expected)}]`];
  });
  const problems = [...missing, ...unknown, ...misshapen];
  if (problems.length === 0) return;
  raise('PAL_CHECKPOINT', {
    where: path,
    expected: `exactly the ${wanted.size} tensors of the adapter`,
    received: `${problems.slice(0, 8).join('; ')}${problems.length > 8 ? '; …' : ''}`,
    fix: 'Compare adapter_config.json and the base with the weights: they belong to different adapters.',
    details: { path, problems },
  });
}

/** Keys of tables that PEFT stores along with their adapters, where they are the model's own. */
function listTableCopies(file: SafetensorsReader, model: Module, names: ModuleNames): Set<string> {
  const tables = listAdapted(model).map(({ path, module }) => {
    return { key: `${PREFIX}${names.toTheirs(path).theirs}.base_layer.weight`, weight: module.weight };
  });
  const isCopy = ({ key, weight }: (typeof tables)[number]) =>
    file.has(key) &&
    String(file.shape(key)) === String(weight.shape) &&
    scope(() => equal(file.tensor(key).to(weight.dtype), weight));
  return new Set(tables.filter(isCopy).map(({ key }) => key));
}
