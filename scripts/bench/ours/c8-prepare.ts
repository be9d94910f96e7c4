/** What both sides of C8 begin with: `c8-prepare.ts GGUF TEXT FOLDER EXAMPLES` writes base, adapter and examples. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addAdapter, saveAdapter } from '../../../lib/adapters/index.js';
import { Random } from '../../../lib/core/index.js';
import { findArchitecture, importGguf, loadHuggingFace } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';

const [gguf = '', text = '', folder = '', examples = '64'] = process.argv.slice(2);
const [MEDIAN, SPREAD, CAP, SHORTEST] = [110, 1, 1024, 8];
const targetModules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

const random = new Random(8);
/** A draw of N(0, 1), by Box and Muller. */
const drawNormal = (): number => Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
const drawLength = (): number =>
  Math.min(CAP, Math.max(SHORTEST, Math.round(MEDIAN * Math.exp(SPREAD * drawNormal()))));

await importGguf(gguf, join(folder, 'base'), { dtype: 'float32' });
const { model, tokenizer } = await loadHuggingFace(join(folder, 'base'));
if (tokenizer === undefined) throw new Error(`c8: expected a tokenizer in ${gguf}, found none.`);
const layouts = findArchitecture('c8', model.kind).huggingFace;
manualSeed(8);
addAdapter(model, { r: 16, loraAlpha: 32, loraDropout: 0, targetModules }, { layouts });
await saveAdapter(join(folder, 'adapter'), model, { layouts });

const ids = Array.from(tokenizer.encode(readFileSync(text, 'utf8')));
const rows = Array.from({ length: Number(examples) }, () => {
  const length = drawLength();
  const start = random.integer(ids.length - length);
  return ids.slice(start, start + length);
});
writeFileSync(join(folder, 'examples.json'), JSON.stringify(rows));
process.exit(0);
