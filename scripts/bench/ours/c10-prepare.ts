/** The models of C10 and C11 as folders of Hugging Face: `c10-prepare.ts FOLDER [GGUF]` writes small, medium and real. */
import { join } from 'node:path';
import { Gpt, importGguf, saveHuggingFace } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';

const [folder = '', gguf] = process.argv.slice(2);

/** LLaMA's architecture over bytes, 0.8 M and 10.7 M numbers. */
const sizes = {
  small: { layers: 4, width: 128, heads: 4 },
  medium: { layers: 6, width: 384, heads: 6 },
} as const;

for (const [name, size] of Object.entries(sizes)) {
  manualSeed(10);
  const model = new Gpt({
    vocabSize: 256,
    contextLength: 1024,
    ...size,
    queryKeyNorm: { type: 'none' },
    mlp: { type: 'swiglu' },
    // A tied head would repeat the last id for ever.
    tied: false,
    initStd: 0.1,
  });
  await saveHuggingFace(join(folder, name), model);
  model.dispose();
}
if (gguf !== undefined) await importGguf(gguf, join(folder, 'real'), { dtype: 'float32' });
process.exit(0);
