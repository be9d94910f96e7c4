/**
 * Lets every writer of files make something in a folder that is missing on a disk that can only be read, and prints what each
 * says: its first argument is where that disk is mounted.
 */
import { join } from 'node:path';

const { AdapterStore, addAdapter, saveAdapter } = await import('../../dist/adapters/index.js');
const { WindowDataset, prepare, writeTokenFile } = await import('../../dist/data/index.js');
const { generateData, writeRecords, writeSplits } = await import('../../dist/logic/index.js');
const { Gpt, gptPresets, saveHuggingFace, saveModel } = await import('../../dist/models/index.js');
const { saveSafetensors, tensor } = await import('../../dist/tensor/index.js');
const { ByteTokenizer, ChatTemplate, saveChatTemplate, saveTokenizer } = await import('../../dist/text/index.js');
const { Trainer } = await import('../../dist/training/index.js');

const folder = join(process.argv[2], 'missing', 'deep');
const tokenizer = new ByteTokenizer();
const model = new Gpt({ ...gptPresets.llama, vocabSize: 256, contextLength: 8, width: 16, layers: 1, heads: 2 });
const adapted = new Gpt({ ...gptPresets.llama, vocabSize: 256, contextLength: 8, width: 16, layers: 1, heads: 2 });
addAdapter(adapted, { r: 2, targetModules: 'all-linear' });
const train = new WindowDataset(
  Uint16Array.from({ length: 100 }, (_, i) => i),
  { length: 8 },
);
const values = { a: tensor([1, 2]) };

const writers = {
  saveTokenizer: () => saveTokenizer(tokenizer, folder),
  saveChatTemplate: () => saveChatTemplate(new ChatTemplate('{{ messages[0].content }}'), folder),
  writeTokenFile: () =>
    writeTokenFile(join(folder, 'a.bin'), { tokens: Uint16Array.of(1), starts: Float64Array.of(0) }, tokenizer),
  prepare: () => prepare(['some text', 'more text'], { tokenizer, directory: folder }),
  saveSafetensors: () => saveSafetensors(join(folder, 'a.safetensors'), values),
  saveModel: () => saveModel(folder, model, { tokenizer }),
  saveHuggingFace: () => saveHuggingFace(folder, model),
  saveAdapter: () => saveAdapter(folder, adapted),
  AdapterStore: () => AdapterStore.open(folder, { write: true }),
  Trainer: () => new Trainer({ model, data: { train }, steps: 1, batchSize: 2, runDirectory: folder }).run(),
  generateData: () => generateData(folder, { count: 20 }),
  writeRecords: () => writeRecords(join(folder, 'a.jsonl'), []),
  writeSplits: () => writeSplits(folder, { train: [], validation: [], test: [] }),
};

const told = {};
for (const [name, write] of Object.entries(writers)) {
  told[name] = await write().then(
    () => 'written',
    (error) => `${error.code} ${error.details?.code}`,
  );
}
console.log(JSON.stringify(told));
