import { raise, show } from '../../../core/index.js';
import type { GgufReader } from '../../../tensor/index.js';

/** A tensor of a GGUF file and the one of a Hugging Face folder that it becomes. */
export interface GgufTensorRule {
  /** As the file has it. */
  name: string;
  /** As the folder has it. */
  theirs: string;
  /** In both. */
  shape: readonly number[];
  /** Rows are stored in rotary pairs within each of so many heads; the folder has the pairs' halves apart. */
  rotaryHeads?: number;
}

/** How files of an architecture correspond to folders of Hugging Face. */
export interface GgufConvention {
  /** The value of `general.architecture`. */
  readonly architecture: string;
  /** The fields of `config.json`. @throws CheckpointError naming the key of a value that is missing or unfit */
  toFields: (file: GgufReader) => Record<string, unknown>;
  /** One rule for each tensor that the folder has. @throws CheckpointError for more layers than there are tensors */
  rules: (file: GgufReader) => GgufTensorRule[];
  /** Tests if a tensor is computed from the settings, so that the folder has none. */
  isComputed: (name: string) => boolean;
}

/**
 * Requires a file to hold exactly the tensors of its architecture, in their shapes.
 * @param file - the open file
 * @param convention - of its architecture
 * @returns its rules
 * @throws CheckpointError naming every tensor that is missing, unknown or misshapen
 */
export function checkTensors(file: GgufReader, convention: GgufConvention): GgufTensorRule[] {
  const rules = convention.rules(file);
  const wanted = new Set(rules.map(({ name }) => name));
  const problems = [
    ...rules.flatMap((rule) => findMisfit(file, rule)),
    ...file.names
      .filter((name) => !wanted.has(name) && !convention.isComputed(name))
      .map((name) => `${name} is unknown`),
  ];
  if (problems.length === 0) return rules;
  return raise('PAL_CHECKPOINT', {
    where: file.path,
    expected: `exactly the ${wanted.size} tensors of its settings`,
    received: problems.slice(0, 20).join('; ') + (problems.length > 20 ? `; ${problems.length - 20} more` : ''),
    details: { path: file.path, problems: problems.length },
  });
}

function findMisfit(file: GgufReader, { name, shape }: GgufTensorRule): string[] {
  if (!file.has(name)) return [`${name} is missing`];
  const found = file.shape(name);
  const fits = found.length === shape.length && found.every((size, i) => size === shape[i]);
  return fits ? [] : [`${name} is ${show(found)}, not ${show(shape)}`];
}
