import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Random, isPalabraError } from '../../lib/core/index.js';
import { readConfigFile } from '../../lib/cli/settings/config-file.js';
import { Gpt, LstmLanguageModel, gptPresets, loadModel, saveHuggingFace, saveModel } from '../../lib/models/index.js';
import { ByteTokenizer } from '../../lib/text/index.js';
import { readRunConfig } from '../../lib/training/index.js';
import { cpuMs } from '../helpers/cpu-time.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';
import { trained } from '../training/fixtures.js';

/** Files for each kind; `PALABRA_FUZZ_CONFIGS=1000000` for a long run. */
const FILES = Number(process.env.PALABRA_FUZZ_CONFIGS ?? 2000);
/** What one file may take, in milliseconds of processor time: no measure of speed, but what only a hang takes. */
const PATIENCE = 5000;

const folder = temporaryFolder();
const at = (...names: string[]) => join(folder.path, ...names);
const size = { vocabSize: 256, contextLength: 8, width: 8, layers: 1, heads: 2 };
const generation = { temperature: 0.8, topK: 4, stop: ['x'] };

/** What is read, and the file of it that is changed. */
const kinds: Record<string, { file: string; read: () => Promise<unknown> }> = {
  'a Gpt': { file: at('gpt', 'config.json'), read: () => loaded('gpt') },
  'an LSTM': { file: at('lstm', 'config.json'), read: () => loaded('lstm') },
  'a folder of LLaMA': { file: at('llama', 'config.json'), read: () => loaded('llama') },
  'settings of generation': { file: at('gpt', 'generation_config.json'), read: () => loaded('gpt') },
  'a run': { file: at('run', 'config.json'), read: () => readRunConfig(at('run')) },
  YAML: { file: at('settings.yaml'), read: () => readConfigFile(at('settings.yaml')) },
};

async function loaded(name: string): Promise<void> {
  const { model } = await loadModel(at(name));
  model.dispose();
}

beforeAll(async () => {
  const extras = { tokenizer: new ByteTokenizer(), generation };
  using gpt = new Gpt(size);
  using llama = new Gpt({ ...size, ...gptPresets.llama });
  using lstm = new LstmLanguageModel({ vocabSize: 256, embeddingDim: 8, width: 8, layers: 1 });
  await saveModel(at('gpt'), gpt, extras);
  await saveModel(at('lstm'), lstm, extras);
  await saveHuggingFace(at('llama'), llama, extras);
  await trained({ steps: 1, runDirectory: at('run'), generation });
  writeFileSync(
    at('settings.yaml'),
    'model: &m\n  width: 64 # units\n  layers: [1, 2]\ntrainer: {epochs: 3, <<: *m}\n',
  );
});

afterAll(() => folder[Symbol.dispose]());

const values = [null, true, -1, 0, 1.5, 7, 1e9, 2 ** 53, 1e300, '', 'x', '😀', [], {}, [[]], { type: 'rotary' }];

/** A value of the document exchanged for another, or some of its bytes changed. */
function mutated(text: string, random: Random): Uint8Array | string {
  if (random.integer(2) === 0 && text.startsWith('{')) {
    const document = JSON.parse(text) as Record<string, unknown>;
    exchange(document, random);
    return JSON.stringify(document);
  }
  const bytes = Buffer.from(text);
  for (let left = 1 + random.integer(3); left > 0; left--) {
    const position = random.integer(bytes.length);
    bytes[position] =
      random.integer(3) === 0 ? random.integer(256) : [0x30, 0x39, 0x22, 0x7b, 0x2c][random.integer(5)]!;
  }
  return random.integer(4) === 0 ? bytes.subarray(0, random.integer(bytes.length)) : bytes;
}

function exchange(object: Record<string, unknown>, random: Random): void {
  const keys = Object.keys(object);
  const key = keys.length === 0 ? 'new' : keys[random.integer(keys.length)]!;
  const inner = object[key];
  const deeper = typeof inner === 'object' && inner !== null && !Array.isArray(inner) && random.integer(3) > 0;
  if (deeper) return exchange(inner as Record<string, unknown>, random);
  if (random.integer(4) === 0) delete object[key];
  else object[random.integer(5) === 0 ? '__proto__x' : key] = values[random.integer(values.length)];
}

describe('damaged configurations', () => {
  test.each(Object.entries(kinds))(`${FILES} of %s: read or a PalabraError, soon`, async (name, { file, read }) => {
    const text = readFileSync(file, 'utf8');
    const counts: Record<string, number> = {};
    let slowest = 0;
    for (let index = 0; index < FILES; index++) {
      writeFileSync(file, mutated(text, new Random(index).split(name)));
      const start = cpuMs();
      const found = await read().then(
        () => 'read',
        (error: unknown) => (isPalabraError(error) ? error.code : `other: ${String(error)}`),
      );
      slowest = Math.max(slowest, cpuMs() - start);
      counts[found] = (counts[found] ?? 0) + 1;
    }
    rmSync(file);
    writeFileSync(file, text);
    console.log(`damaged, ${name}: ${JSON.stringify(counts)}, slowest ${slowest.toFixed(0)} ms`);
    expect(Object.keys(counts).filter((key) => key.startsWith('other'))).toEqual([]);
    expect(counts.read).toBeGreaterThan(0);
    expect(counts.read).toBeLessThan(FILES);
    expect(slowest).toBeLessThan(PATIENCE);
  });
});
