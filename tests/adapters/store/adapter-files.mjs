import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a safetensors file of one float32 matrix a name. */
export function encodeTensors(tensors) {
  const header = {};
  const pieces = [];
  let end = 0;
  for (const [name, rows] of Object.entries(tensors)) {
    const values = Float32Array.from(rows.flat());
    header[name] = {
      dtype: 'F32',
      shape: [rows.length, rows[0].length],
      data_offsets: [end, (end += values.byteLength)],
    };
    pieces.push(new Uint8Array(values.buffer));
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...pieces]);
}

const MODULE = 'base_model.model.blocks.0.mlp.up';

/** Writes an adapter of rank 1 on a map from 2 to 2, whose numbers are all `value`. */
export function writeAdapter(folder, value, more = {}) {
  const config = { peft_type: 'LORA', r: 1, lora_alpha: 2, target_modules: ['up'], ...more };
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config));
  const tensors = { [`${MODULE}.lora_A.weight`]: [[value, value]], [`${MODULE}.lora_B.weight`]: [[value], [value]] };
  writeFileSync(join(folder, 'adapter_model.safetensors'), encodeTensors(tensors));
}

/** What a trainer says of its `run`-th training. */
export function describeTraining(run) {
  return {
    adapter_name: 'test',
    base_model: 'tiny',
    training_mode: 'sequential',
    last_dataset: `data-${run}`,
    last_training_examples: 10,
    last_training_epochs: 3,
    total_examples_trained: 10 * run,
    unique_examples_trained: 10 * run,
    total_epochs: 3 * run,
    lora_r: 1,
    lora_alpha: 2,
    lora_dropout: 0,
    trainable_params: 4,
    last_training_time_seconds: 1,
    last_loss: 1 / (1 + run),
    best_loss: 1 / (1 + run),
    quality_improvement: null,
    last_updated: '2026-11-30T00:00:00.000Z',
    training_history: [],
    datasets: [],
  };
}
