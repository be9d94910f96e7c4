import { raise, show } from '../../../core/index.js';
import type { GgufReader } from '../../../tensor/index.js';
import { readFloat } from './settings.js';

const FACTORS = 'rope_freqs.weight';
/** What LLaMA 3 and its descendants have; a file holds only what follows from it. */
const [LOW, HIGH] = [1, 4];
const ORIGINAL_CONTEXTS: readonly number[] = [8192, 4096, 2048, 16_384, 32_768];
const TOLERANCE = 1e-4;

/** The base of the rotation and the width of a head. */
interface Rotation {
  base: number;
  width: number;
}

/**
 * The scaling of a file's rotary frequencies: in line with the positions, or as LLaMA 3's, of which a file holds the
 * divisor of each frequency.
 * @param file - the open file
 * @param rotation - its base and width
 * @returns the value of `rope_scaling` in `config.json`; undefined for none
 * @throws CheckpointError for a scaling that is not computed here
 */
export function findRopeScaling(file: GgufReader, rotation: Rotation): Record<string, unknown> | undefined {
  const { metadata } = file;
  const type = metadata.text('llama.rope.scaling.type') ?? 'none';
  const factor =
    readFloat(metadata, 'llama.rope.scaling.factor') ?? readFloat(metadata, 'llama.rope.scale_linear') ?? 1;
  const isLinear = type === 'linear' || (type === 'none' && metadata.values.has('llama.rope.scale_linear'));
  if (file.has(FACTORS)) return findLlama3(file, rotation);
  if (isLinear) return factor === 1 ? undefined : { rope_type: 'linear', factor };
  if (type === 'none') return undefined;
  return refuse(file, 'llama.rope.scaling.type to be none or linear', type);
}

function findLlama3(file: GgufReader, rotation: Rotation): Record<string, unknown> | undefined {
  const divisors = readDivisors(file, rotation);
  const factor = Math.max(...divisors);
  if (Math.abs(factor - 1) < TOLERANCE && Math.min(...divisors) > 1 - TOLERANCE) return undefined;
  const context = ORIGINAL_CONTEXTS.find((length) => {
    const expected = computeDivisors(rotation, factor, length);
    return expected.every((value, i) => Math.abs(value / divisors[i]! - 1) < TOLERANCE);
  });
  if (context === undefined) refuse(file, `${FACTORS} of LLaMA 3's slower rotation`, show(divisors));
  return {
    ...{ rope_type: 'llama3', factor, low_freq_factor: LOW, high_freq_factor: HIGH },
    original_max_position_embeddings: context,
  };
}

function readDivisors(file: GgufReader, { width }: Rotation): number[] {
  const [shape, type] = [file.shape(FACTORS), file.type(FACTORS)];
  const fits = type === 'F32' && shape.length === 1 && shape[0] === width / 2;
  if (!fits) refuse(file, `${FACTORS} as ${width / 2} numbers in F32`, `${type} ${show(shape)}`);
  const tensor = file.tensor(FACTORS);
  const values = tensor.tolist() as number[];
  tensor.dispose();
  return values;
}

/**
 * What each frequency is divided by: `factor` for wavelengths beyond the original context, 1 for short ones, and in
 * between a mean of both.
 */
function computeDivisors({ base, width }: Rotation, factor: number, original: number): number[] {
  return Array.from({ length: width / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * base ** ((2 * i) / width);
    if (wavelength < original / HIGH) return 1;
    if (wavelength > original / LOW) return factor;
    const smooth = (original / wavelength - LOW) / (HIGH - LOW);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

function refuse(file: GgufReader, expected: string, received: string): never {
  raise('PAL_CHECKPOINT', { where: file.path, expected, received, details: { path: file.path } });
}
