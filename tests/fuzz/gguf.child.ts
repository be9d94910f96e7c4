/**
 * `gguf.child.ts SEED FILES LOADS`: damaged GGUF files in a process of its own. Each is parsed with its settings and
 * tokenizer; some are loaded whole. Prints how they ended and how far the process's memory grew.
 */
import { Random, isPalabraError } from '../../lib/core/index.js';
import { readContents } from '../../lib/models/storage/gguf/contents.js';
import { readModel } from '../../lib/models/storage/gguf/load.js';
import { GgufReader } from '../../lib/tensor/gguf/reader.js';
import { createSource, createTiny } from '../helpers/gguf.js';

/** What a campaign found. */
export interface GgufCampaign {
  outcomes: Record<string, number>;
  failures: string[];
  slowestMs: number;
  grownBytes: number;
}

const whole = createTiny();
/** Where the numbers of the tensors begin: most damage is done before it. */
const START = 2600;
const found: GgufCampaign = { outcomes: {}, failures: [], slowestMs: 0, grownBytes: 0 };
/** Numbers that readers trip over. */
const EDGES = [0n, 1n, 255n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n];

function damage(random: Random): Uint8Array {
  let bytes: Uint8Array = whole.slice();
  for (let left = random.integer(3) + 1; left > 0 && bytes.length > 16; left--) {
    const at = random.integer(random.integer(10) === 0 ? bytes.length - 8 : Math.min(START, bytes.length - 8));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const ways: (() => void)[] = [
      () => (bytes[at] = bytes[at]! ^ (1 << random.integer(8))),
      () => (bytes[at] = random.integer(256)),
      () => view.setBigUint64(at, EDGES[random.integer(EDGES.length)]!, true),
      () => view.setUint32(at, random.integer(14), true),
      () => (bytes = bytes.slice(0, at)),
      () => (bytes = Uint8Array.from(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + random.integer(20))]))),
      () => bytes.copyWithin(at, random.integer(START), random.integer(START)),
    ];
    ways[random.integer(ways.length)]!();
  }
  return bytes;
}

async function read(bytes: Uint8Array, load: boolean): Promise<string> {
  try {
    using file = new GgufReader(createSource(bytes));
    if (!load) return typeof readContents(file).fields.vocab_size === 'number' ? 'read' : 'wrong';
    (await readModel(file, 'float32')).model.dispose();
    return 'loaded';
  } catch (error) {
    if (isPalabraError(error)) return error.code;
    if (found.failures.length < 20) found.failures.push(error instanceof Error ? (error.stack ?? '') : String(error));
    return 'another error';
  }
}

const [seed, files, loads] = process.argv.slice(2).map(Number) as [number, number, number];
await read(whole, true);
const before = process.resourceUsage().maxRSS;
for (let i = 0; i < files; i++) {
  const bytes = damage(new Random(seed).split(i));
  const start = process.cpuUsage();
  const outcome = await read(bytes, i % Math.ceil(files / loads) === 0);
  const { user, system } = process.cpuUsage(start);
  found.slowestMs = Math.max(found.slowestMs, (user + system) / 1000);
  found.outcomes[outcome] = (found.outcomes[outcome] ?? 0) + 1;
}
found.grownBytes = (process.resourceUsage().maxRSS - before) * 1024;
console.log(JSON.stringify(found));
