import { basename, join } from 'node:path';
import { deferSchema, parseConfig, raise } from '../../../core/index.js';
import { cat, noGrad, openSafetensors } from '../../../tensor/index.js';
import type { SafetensorsReader, Tensor } from '../../../tensor/index.js';
import type { NamedTensors } from '../../../nn/index.js';
import { readOptional, readJson } from '../folder.js';
import type { TensorRule } from './convention.js';
import { INDEX, WEIGHTS } from './shards.js';

/** The index of a sharded folder: the file of each tensor. */
export const indexSchema = deferSchema((z) =>
  z.object({ weight_map: z.record(z.string(), z.string().describe('A file of the folder.')) }),
);

/** The tensors of a folder, in one file or in several. */
export class FolderWeights {
  private constructor(
    readonly folder: string,
    private readonly readers: ReadonlyMap<string, SafetensorsReader>,
  ) {}

  /**
   * Opens the weights of a folder, one file or the shards that its index names.
   * @param folder - its path
   * @returns the weights, to be closed
   * @throws CheckpointError when the index names a tensor that its file doesn't hold, or the other way round
   */
  static async open(folder: string): Promise<FolderWeights> {
    const index = await readOptional(readJson(join(folder, INDEX)));
    if (index === undefined) return FolderWeights.openFiles(folder, [WEIGHTS]);
    const { weight_map: map } = parseConfig(INDEX, indexSchema, index);
    const weights = FolderWeights.openFiles(folder, [...new Set(Object.values(map))].map(expectPlainName));
    try {
      weights.expectIndex(map);
    } catch (error) {
      weights.close();
      throw error;
    }
    return weights;
  }

  private static openFiles(folder: string, files: readonly string[]): FolderWeights {
    const readers = new Map<string, SafetensorsReader>();
    try {
      for (const file of files) readers.set(file, openSafetensors(join(folder, file), { map: true }));
    } catch (error) {
      for (const reader of readers.values()) reader.close();
      throw error;
    }
    return new FolderWeights(folder, readers);
  }

  /** Every tensor's name. */
  get names(): string[] {
    return [...this.readers.values()].flatMap((reader) => reader.names);
  }

  /** The shape of every tensor. */
  get shapes(): number[][] {
    return [...this.readers.values()].flatMap((reader) => reader.names.map((name) => reader.shape(name)));
  }

  /**
   * A tensor by name, which the caller has seen in {@link FolderWeights.names}.
   * @param name - as the folder has it
   * @returns a tensor of the shape and dtype that the file has
   * @throws CheckpointError when there is none of that name
   */
  tensor(name: string): Tensor {
    const reader = [...this.readers.values()].find((candidate) => candidate.has(name));
    return reader?.tensor(name) ?? throwMisfit(this.folder, `a tensor named ${name}`, 'none');
  }

  close(): void {
    for (const reader of this.readers.values()) reader.close();
  }

  private expectIndex(map: Readonly<Record<string, string>>): void {
    const lost = Object.entries(map).find(([name, file]) => this.readers.get(file)?.has(name) !== true);
    if (lost !== undefined) throwMisfit(this.folder, `${lost[0]} in ${lost[1]}, as the index says`, 'none');
    const unlisted = this.names.find((name) => !Object.hasOwn(map, name));
    if (unlisted !== undefined) throwMisfit(this.folder, 'only tensors that the index lists', unlisted);
  }
}

/** Shards lie in the folder itself. */
function expectPlainName(file: string): string {
  return basename(file) === file ? file : throwMisfit(INDEX, 'names of files in the folder', JSON.stringify(file));
}

function throwMisfit(where: string, expected: string, received: string): never {
  raise('PAL_CHECKPOINT', { where, expected, received, details: { path: where } });
}

/**
 * Cuts their tensor into ours.
 * @param rule - the names of ours, and whether theirs is transposed
 * @param theirs - `[out, in]`, `[in, out]` where the rule says transposed, or `[out]`
 * @param sizes - the lengths of ours along the output axis, in the order of the rule
 * @returns by our names `[size, in]` or `[size]` in the dtype of `theirs`, views of its memory
 */
export function importTensors(
  { ours, transposed = false }: TensorRule,
  theirs: Tensor,
  sizes: readonly number[],
): NamedTensors {
  const whole = transposed && theirs.ndim === 2 ? theirs.transpose(0, 1) : theirs;
  const parts = sizes.length === 1 ? [whole] : whole.split(sizes, 0);
  return Object.fromEntries(ours.map((name, i) => [name, parts[i]!]));
}

/**
 * Puts our tensors together as theirs.
 * @param rule - the names of ours, and whether theirs is transposed
 * @param state - our tensors, `[out, in]` or `[out]`, by name
 * @returns `[out, in]`, `[in, out]` where the rule says transposed, or `[out]`: contiguous, in the dtype of ours
 */
export function exportTensor({ ours, transposed = false }: TensorRule, state: NamedTensors): Tensor {
  return noGrad(() => {
    const parts = ours.map((name) => state[name]!.detach());
    const whole = parts.length === 1 ? parts[0]! : cat(parts, 0);
    return (transposed && whole.ndim === 2 ? whole.transpose(0, 1) : whole).contiguous();
  });
}
