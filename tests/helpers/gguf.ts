/** Makes GGUF files for tests, right ones and wrong ones: every number of the layout can be set. */
import { Random } from '../../lib/core/index.js';
import type { ByteSource } from '../../lib/tensor/stored-file.js';
import { tensorTypes } from '../../lib/tensor/gguf/tensor-types.js';

/** A value with its kind in the format. */
export type Value =
  | { uint32: number }
  | { float32: number }
  | { boolean: boolean }
  | { text: string }
  | { texts: readonly string[] }
  | { int32s: readonly number[] };

/** A tensor to write: shape with the outermost axis first, bytes as they are packed. */
export interface TensorToWrite {
  name: string;
  type: string;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** A file to write. */
export interface FileToWrite {
  version?: number;
  alignment?: number;
  metadata?: Readonly<Record<string, Value>>;
  tensors?: readonly TensorToWrite[];
}

/** Bytes that grow. */
export class ByteWriter {
  readonly parts: Uint8Array[] = [];
  length = 0;

  bytes(part: Uint8Array): this {
    this.parts.push(part);
    this.length += part.length;
    return this;
  }

  number(bytes: number, write: (view: DataView) => void): this {
    const view = new DataView(new ArrayBuffer(bytes));
    write(view);
    return this.bytes(new Uint8Array(view.buffer));
  }

  uint32(value: number): this {
    return this.number(4, (view) => view.setUint32(0, value, true));
  }

  uint64(value: number | bigint): this {
    return this.number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.uint64(bytes.length).bytes(bytes);
  }

  padTo(alignment: number): this {
    return this.bytes(new Uint8Array((alignment - (this.length % alignment)) % alignment));
  }

  join(): Uint8Array {
    const all = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

function writeValue(out: ByteWriter, value: Value): void {
  if ('uint32' in value) out.uint32(4).uint32(value.uint32);
  else if ('float32' in value) out.uint32(6).number(4, (view) => view.setFloat32(0, value.float32, true));
  else if ('boolean' in value) out.uint32(7).bytes(Uint8Array.of(Number(value.boolean)));
  else if ('text' in value) out.uint32(8).text(value.text);
  else if ('texts' in value) {
    out.uint32(9).uint32(8).uint64(value.texts.length);
    for (const text of value.texts) out.text(text);
  } else {
    out.uint32(9).uint32(5).uint64(value.int32s.length);
    for (const item of value.int32s) out.number(4, (view) => view.setInt32(0, item, true));
  }
}

/** The number of a type in the format. */
export function findTypeId(name: string): number {
  return Number(Object.entries(tensorTypes).find(([, type]) => type.name === name)![0]);
}

/** The bytes of a file. */
export function writeGguf({ version = 3, alignment, metadata = {}, tensors = [] }: FileToWrite): Uint8Array {
  const step = alignment ?? 32;
  const values = { ...metadata, ...(alignment !== undefined && { 'general.alignment': { uint32: alignment } }) };
  const out = new ByteWriter()
    .uint32(0x46554747)
    .uint32(version)
    .uint64(tensors.length)
    .uint64(Object.keys(values).length);
  for (const [key, value] of Object.entries(values)) writeValue(out.text(key), value);
  const data = new ByteWriter();
  for (const { name, type, shape, bytes } of tensors) {
    out.text(name).uint32(shape.length);
    for (const size of [...shape].reverse()) out.uint64(size);
    out.uint32(findTypeId(type)).uint64(data.length);
    data.bytes(bytes).padTo(step);
  }
  return out.padTo(step).bytes(data.join()).join();
}

/** The bytes of float32 numbers. */
export function toBytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** The bytes of a file in memory, as a reader takes them. */
export function createSource(bytes: Uint8Array): ByteSource {
  return {
    ...{ path: 'memory.gguf', size: bytes.length, close: () => undefined },
    read: (position, length) => bytes.slice(position, position + length),
  };
}

/** Tokens of bytes and some more, the last of which are a control token and two that users add. */
const tokens = [
  ...[...'!"#$&()*+,-./0123456789abcdefghijklmnopqrstuvwxyzĠĊ'],
  ...['Ġa', 'bc', 'Ġabc', '<|end|>', '<|a b|>', '<think>'],
];
const merges = ['Ġ a', 'b c', 'Ġa bc'];

/** The values of a small LLaMA: width 32, two heads with one key-value head, two layers. */
export const tinyMetadata: Readonly<Record<string, Value>> = {
  'general.architecture': { text: 'llama' },
  'general.name': { text: 'tiny' },
  'llama.block_count': { uint32: 2 },
  'llama.context_length': { uint32: 16 },
  'llama.embedding_length': { uint32: 32 },
  'llama.feed_forward_length': { uint32: 64 },
  'llama.attention.head_count': { uint32: 2 },
  'llama.attention.head_count_kv': { uint32: 1 },
  'llama.attention.layer_norm_rms_epsilon': { float32: 1e-5 },
  'llama.rope.freq_base': { float32: 10_000 },
  'tokenizer.ggml.model': { text: 'gpt2' },
  'tokenizer.ggml.pre': { text: 'gpt-2' },
  'tokenizer.ggml.tokens': { texts: tokens },
  'tokenizer.ggml.token_type': { int32s: tokens.map((_, id) => [3, 3, 4][id - tokens.length + 3] ?? 1) },
  'tokenizer.ggml.merges': { texts: merges },
  'tokenizer.ggml.bos_token_id': { uint32: tokens.length - 3 },
  'tokenizer.ggml.eos_token_id': { uint32: tokens.length - 3 },
  'tokenizer.ggml.add_bos_token': { boolean: false },
  'tokenizer.chat_template': { text: '{% for m in messages %}{{ m.content }}<|end|>{% endfor %}' },
};

/** The tensors of that model, with numbers drawn from a seed. */
export function createTinyTensors(seed: number): TensorToWrite[] {
  const random = new Random(seed);
  const make = (name: string, shape: readonly number[], type: string): TensorToWrite => {
    const count = shape.reduce((product, size) => product * size, 1);
    if (type === 'F32')
      return { name, shape, type, bytes: toBytes(Array.from({ length: count }, () => random.float() - 0.5)) };
    const { elements, bytes: size } = tensorTypes[findTypeId(type)]!;
    const bytes = Uint8Array.from({ length: (count / elements) * size }, () => random.integer(256));
    for (let at = 0; at < bytes.length; at += size) bytes.set([0x00, 0x1c], at);
    return { name, shape, type, bytes };
  };
  const block = (i: number) => [
    ...['attn_norm', 'ffn_norm'].map((name) => make(`blk.${i}.${name}.weight`, [32], 'F32')),
    make(`blk.${i}.attn_q.weight`, [32, 32], 'Q8_0'),
    make(`blk.${i}.attn_k.weight`, [16, 32], 'Q4_0'),
    make(`blk.${i}.attn_v.weight`, [16, 32], 'Q5_0'),
    make(`blk.${i}.attn_output.weight`, [32, 32], 'Q8_0'),
    ...['ffn_gate', 'ffn_up'].map((name) => make(`blk.${i}.${name}.weight`, [64, 32], 'Q8_0')),
    make(`blk.${i}.ffn_down.weight`, [32, 64], 'F32'),
  ];
  return [
    make('token_embd.weight', [tokens.length, 32], 'F32'),
    ...[0, 1].flatMap(block),
    make('output_norm.weight', [32], 'F32'),
  ];
}

/** The bytes of that model, with some values in place of its own; undefined leaves one out. */
export function createTiny(changes: Readonly<Record<string, Value | undefined>> = {}, seed = 1): Uint8Array {
  const entries = Object.entries({ ...tinyMetadata, ...changes }).filter(([, value]) => value !== undefined);
  return writeGguf({
    metadata: Object.fromEntries(entries) as Record<string, Value>,
    tensors: createTinyTensors(seed),
  });
}
