/**
 * Lets the first call of the system at each place in the code fail, for each reader and writer of files, and prints how many
 * calls there were, and each outcome that is neither a success nor an error of the library about that file.
 */
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { failAt } from '../helpers/fail-at.mjs';

const data = await import('../../dist/data/index.js');
const text = await import('../../dist/text/index.js');

/** In turn, so that each place sees several. */
const CODES = ['EIO', 'EACCES', 'ENOSPC', 'EMFILE', 'EROFS'];
const folder = mkdtempSync(join(tmpdir(), 'palabra-file-errors-'));
const TEXT = Array.from({ length: 60 }, (_, i) => `line ${i}: the sun climbs and the bird ${i * 7} sings`).join('\n');

/** What is to end with the process. */
const ends = [];

async function drain(source) {
  for await (const document of source) void document;
}

/** Closes after use, whatever comes. */
function withClosed(opened, use) {
  try {
    return use();
  } finally {
    opened.close();
  }
}

function put(name, content) {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

async function listText() {
  const tokenizer = await text.CharTokenizer.train(TEXT);
  const template = new text.ChatTemplate('{{ messages[0].content }}{{ eos_token }}', { tokens: { eos_token: 'x' } });
  const stored = join(folder, 'stored');
  mkdirSync(stored);
  await text.saveTokenizer(tokenizer, stored);
  await text.saveChatTemplate(template, stored);
  return {
    saveTokenizer: (out) => text.saveTokenizer(tokenizer, out),
    loadTokenizer: () => text.loadTokenizer(stored),
    saveChatTemplate: (out) => text.saveChatTemplate(template, out),
    loadChatTemplate: () => text.loadChatTemplate(stored),
  };
}

async function listSources() {
  const lines = put('lines.txt', TEXT);
  put('deep.txt', TEXT);
  const packed = put('packed.txt.gz', gzipSync(TEXT));
  const records = put(
    'records.jsonl',
    TEXT.split('\n')
      .map((line) => JSON.stringify({ text: line }))
      .join('\n'),
  );
  const table = put('table.csv', `text\n${TEXT}`);
  copyFileSync(new URL('../data/sources/fixtures/plain.parquet', import.meta.url), join(folder, 'plain.parquet'));
  const parquet = join(folder, 'plain.parquet');
  const tokenizer = await text.CharTokenizer.train(TEXT);
  const settings = { tokenizer, split: { validation: 0.2 } };
  await data.prepare(data.textFiles(lines), { ...settings, directory: join(folder, 'prepared') });
  return {
    textFiles: () => drain(data.textFiles(lines)),
    'textFiles of a pattern': () => drain(data.textFiles(join(folder, '**/*.txt'))),
    'textFiles, compressed': () => drain(data.textFiles(packed)),
    jsonLines: () => drain(data.jsonLines(records)),
    csvFiles: () => drain(data.csvFiles(table, { column: 'text' })),
    parquetFiles: () => drain(data.parquetFiles(parquet, { onMalformed: 'report' })),
    prepare: (out) => data.prepare(data.textFiles(lines), { ...settings, directory: join(out, 'prepared') }),
    openPrepared: async () => {
      const prepared = await data.openPrepared(join(folder, 'prepared'), { verify: true });
      await withClosed(prepared, () => prepared.train.tokens.subarray(0, 5));
    },
    openTokenFile: () => {
      const file = data.openTokenFile(join(folder, 'prepared', 'train.bin'));
      return withClosed(file, () => file.starts.length + file.subarray(0, 10).length);
    },
    saveTokenFile: (out) =>
      data.writeTokenFile(
        join(out, 'a.bin'),
        { tokens: Uint16Array.of(1, 2, 3), starts: Float64Array.of(0) },
        tokenizer,
      ),
  };
}

async function listModels() {
  const { Gpt, LstmLanguageModel, gptPresets, loadModel, saveModel, loadHuggingFace, saveHuggingFace } =
    await import('../../dist/models/index.js');
  const { openSafetensors, saveSafetensors, manualSeed, tensor } = await import('../../dist/tensor/index.js');
  manualSeed(1);
  const tokenizer = new text.ByteTokenizer();
  const bpe = await text.BpeTokenizer.train(TEXT, { vocabSize: 280 });
  const model = new Gpt({ ...gptPresets.llama, vocabSize: 280, contextLength: 8, width: 16, layers: 1, heads: 2 });
  const lstm = new LstmLanguageModel({ vocabSize: 256, embeddingDim: 8, width: 8, layers: 1 });
  await saveModel(join(folder, 'model'), lstm, { tokenizer });
  await saveHuggingFace(join(folder, 'hub'), model, { tokenizer: bpe });
  const values = { a: tensor([1, 2, 3]) };
  await saveSafetensors(join(folder, 'a.safetensors'), values);
  return {
    saveModel: (out) => saveModel(join(out, 'a', 'model'), lstm, { tokenizer }),
    'saveModel, replacing': (out) =>
      saveModel(join(out, 'model'), lstm, { tokenizer }).then(() =>
        saveModel(join(out, 'model'), lstm, { tokenizer, replace: true }),
      ),
    loadModel: () => loadModel(join(folder, 'model')),
    saveHuggingFace: (out) => saveHuggingFace(join(out, 'hub'), model, { tokenizer: bpe }),
    loadHuggingFace: () => loadHuggingFace(join(folder, 'hub')),
    saveSafetensors: (out) => saveSafetensors(join(out, 'a.safetensors'), values),
    openSafetensors: () => {
      const file = openSafetensors(join(folder, 'a.safetensors'));
      return withClosed(file, () => file.tensor('a').dispose());
    },
  };
}

async function listTraining() {
  const { Gpt } = await import('../../dist/models/index.js');
  const training = await import('../../dist/training/index.js');
  const tokens = Uint16Array.from({ length: 200 }, (_, i) => (i * i) % 11);
  const build = (runDirectory) => {
    const train = new data.WindowDataset(tokens, { length: 8 });
    const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 8, layers: 1, heads: 2 });
    const options = { batchSize: 4, steps: 1, checkpointEvery: 1, evaluateEvery: 1, keep: { last: 1 } };
    return { model, data: { train, validation: train }, runDirectory, ...options };
  };
  const run = join(folder, 'run');
  await new training.Trainer(build(run)).run();
  return {
    Trainer: (out) => new training.Trainer(build(join(out, 'run'))).run(),
    'Trainer.resume': async (out) => {
      const { runDirectory, ...inputs } = build(join(out, 'run'));
      await (await training.Trainer.resume(runDirectory, { ...inputs, steps: 2 })).run();
    },
    readRunRecord: () => training.readRunRecord(run),
    diagnoseRun: () => training.diagnoseRun(run),
  };
}

async function listAdapters() {
  const { AdapterStore } = await import('../../dist/adapters/index.js');
  const { describeTraining, writeAdapter } = await import('../adapters/store/adapter-files.mjs');
  const promote = async (store, run) => {
    const staged = await store.stage({ key: `plan-${run}` });
    writeAdapter(staged.folder, run);
    return await store.promote(staged, { metadata: describeTraining(run) });
  };
  const path = join(folder, 'store');
  const store = await AdapterStore.open(path, { write: true });
  await promote(store, 1);
  await promote(store, 2);
  await store.close();
  return {
    'AdapterStore.promote': async (out) => {
      const opened = await AdapterStore.open(join(out, 'store'), { write: true });
      try {
        for (const run of [1, 2]) await promote(opened, run);
        await opened.rollback();
      } finally {
        await opened.close();
      }
    },
    'AdapterStore.open': async () => {
      const opened = await AdapterStore.open(path);
      await opened.validate();
    },
  };
}

/** What is fetched or installed; its helpers are TypeScript. */
async function listFetched() {
  const { HubServer } = await import('../data/sources/hub-server.ts');
  const { stubWheel } = await import('../helpers/stub-libtorch.ts');
  const { installLibtorch } = await import('../../lib/native/libtorch/index.ts');
  const commit = 'a'.repeat(40);
  const files = { [commit]: { 'train.jsonl': Buffer.from(`${JSON.stringify({ text: TEXT })}\n`) } };
  const hub = await HubServer.start({ 'owner/texts': { branches: { main: commit }, files } });
  ends.push(() => hub[Symbol.asyncDispose]());
  const wheel = stubWheel(folder, { headers: 2 });
  const progress = { message: () => undefined, bytes: () => undefined };
  const { endpoint } = hub;
  return {
    loadHuggingFaceDataset: async (out) => {
      const options = { endpoint, cacheDirectory: join(out, 'hub'), offline: false, retryDelayMs: 1, attempts: 2 };
      await drain(await data.loadHuggingFaceDataset('owner/texts', { files: '*.jsonl', ...options }));
    },
    installLibtorch: async (out) => {
      process.env.PALABRA_CACHE = join(out, 'cache');
      await installLibtorch({ variant: 'cpu', from: wheel, progress });
    },
  };
}

const areas = {
  fetched: listFetched,
  text: listText,
  sources: listSources,
  models: listModels,
  training: listTraining,
  adapters: listAdapters,
};

/** What is wrong with an outcome; undefined where nothing is. */
function findFault({ error, call }, code) {
  if (error === undefined) return undefined;
  if (/adapter-files/.test(error.stack)) return undefined; // The test's own writes.
  if (!/^PAL_/.test(error.code)) return `${error.stack} at ${call}`;
  const codes = [error.details.code, error.cause?.code, error.cause?.cause?.code];
  if (!codes.includes(code) && !error.message.includes(code))
    return `${error.message} doesn't tell of ${code} at ${call}`;
  return undefined;
}

const report = {};
try {
  for (const [name, work] of Object.entries(await areas[process.argv[2]]())) {
    const wrong = [];
    const operations = [0];
    for (const operation of operations) {
      const out = mkdtempSync(join(folder, 'out-'));
      if (name === 'Trainer.resume') cpSync(join(folder, 'run'), join(out, 'run'), { recursive: true });
      const code = CODES[operation % CODES.length];
      const outcome = await failAt(new RegExp(`^${folder}`), operation, code, () => work(out));
      if (operation === 0 && outcome.error) throw outcome.error;
      if (operation === 0) operations.push(...outcome.places);
      const fault = findFault(outcome, code);
      if (fault !== undefined) wrong.push(fault);
      rmSync(out, { recursive: true, force: true });
    }
    report[name] = { calls: operations.length - 1, wrong };
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
  for (const end of ends) await end();
}
console.log(JSON.stringify(report));
