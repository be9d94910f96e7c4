/** What every key of PEFT's file begins with. */
export const PREFIX = 'base_model.model.';

/** What the keys of an adapted module's tensors end with. */
export const KEYS = {
  A: '.lora_A.weight',
  B: '.lora_B.weight',
  tableA: '.lora_embedding_A',
  tableB: '.lora_embedding_B',
  magnitude: '.lora_magnitude_vector',
} as const;

/** The files of an adapter's folder. */
export const FILES = { config: 'adapter_config.json', weights: 'adapter_model.safetensors' } as const;

/** The name under which the file notes the identity of the base. */
export const BASE_HASH = 'base_sha256';
