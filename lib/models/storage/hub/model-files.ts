import { parseConfig, raise } from '../../../core/index.js';
import type { HubFile } from '../../../data/index.js';
import { INDEX, WEIGHTS } from '../hugging-face/shards.js';
import { indexSchema } from '../hugging-face/weights.js';

/** Files of a model beside its weights. */
const BESIDE = [
  ...['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'],
  ...['chat_template.jinja', 'preprocess.json'],
];

/**
 * Chooses the files of a repository that make a model: settings, tokenizer, and the weights in one file or in the shards
 * that the index names.
 *
 * @param name - of the repository
 * @param files - all of it
 * @param index - what the index holds, where there is one
 * @returns the files, the settings first
 * @throws DataError when the repository has no configuration, or no weights in safetensors
 */
export function selectModelFiles(name: string, files: readonly HubFile[], index: unknown): HubFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  if (!byPath.has('config.json')) refuse(name, 'a config.json', files);
  const beside = BESIDE.flatMap((path) => byPath.get(path) ?? []);
  const whole = byPath.get(WEIGHTS);
  if (index === undefined) return whole === undefined ? refuse(name, WEIGHTS, files) : [...beside, whole];
  const { weight_map: map } = parseConfig(INDEX, indexSchema, index);
  const shards = [...new Set(Object.values(map))].map((path) => byPath.get(path) ?? refuse(name, path, files));
  return [...beside, byPath.get(INDEX)!, ...shards];
}

function refuse(name: string, expected: string, files: readonly HubFile[]): never {
  const weights = files.map(({ path }) => path).filter((path) => /\.(bin|pth?|gguf|h5|msgpack|onnx)$/u.test(path));
  raise('PAL_DATA', {
    where: 'importHub',
    expected: `${expected} in ${name}`,
    received: weights.length > 0 ? `none, but ${weights.slice(0, 4).join(', ')}` : `none among ${files.length} files`,
    fix: weights.some((path) => path.endsWith('.gguf'))
      ? 'Fetch a GGUF file and pass its path to palabra import.'
      : 'Choose a repository with weights in safetensors.',
    details: { name },
  });
}
