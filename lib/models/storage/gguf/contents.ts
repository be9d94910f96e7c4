import type { DType, GgufReader } from '../../../tensor/index.js';
import { findConvention } from './architectures.js';
import { checkTensors } from './convention.js';
import type { GgufTensorRule } from './convention.js';
import { createGenerationFields } from './generation.js';
import { createTokenizerFiles } from './tokenizer.js';

/** Element types that weights are unpacked to. */
export const weightTypes = ['float32', 'float16', 'bfloat16'] as const satisfies readonly DType[];

/** What a GGUF file says of its model, as a folder of Hugging Face does. */
export interface GgufContents {
  /** The content of `config.json`. */
  fields: Record<string, unknown>;
  /** The content of `generation_config.json`. */
  generation: Record<string, unknown>;
  tokenizer: ReturnType<typeof createTokenizerFiles>;
  /** A rule for each tensor, all of which the file has. */
  rules: GgufTensorRule[];
}

/**
 * Reads all of a file but its tensors.
 * @param file - the open file
 * @returns settings, tokenizer and the rules of its tensors, checked against the file
 * @throws CheckpointError naming what does not fit
 */
export function readContents(file: GgufReader): GgufContents {
  const convention = findConvention(file);
  const generation = createGenerationFields(file.metadata);
  const { bos_token_id, eos_token_id, pad_token_id } = generation;
  const special = Object.entries({ bos_token_id, eos_token_id, pad_token_id }).filter(([, id]) => id !== undefined);
  return {
    fields: { ...convention.toFields(file), ...Object.fromEntries(special) },
    generation,
    tokenizer: createTokenizerFiles(file.metadata),
    rules: checkTensors(file, convention),
  };
}
