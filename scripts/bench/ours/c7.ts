/** Time to quality by default settings: `c7.ts FILE STEPS` trains on a text, then scores all of its last tenth. */
import { textFiles, windows } from '../../../lib/data/index.js';
import { Gpt } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { CharTokenizer } from '../../../lib/text/index.js';
import { Trainer } from '../../../lib/training/index.js';

const [path = '', steps = '130'] = process.argv.slice(2);

const start = performance.now();
const text = textFiles(path);
const tokenizer = await CharTokenizer.train(text);
const data = await windows(text, { tokenizer, length: 64, split: { validation: 0.1 } });
manualSeed(1337);
const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 64 });
const trainer = new Trainer({ model, data, steps: Number(steps), seed: 1337, evaluateEvery: Number(steps) });
let trainSeconds = 0;
for await (const step of trainer.steps()) trainSeconds += step.seconds;
const { loss, tokens } = trainer.best!;
console.log(JSON.stringify({ loss, characters: tokens, trainSeconds, seconds: (performance.now() - start) / 1000 }));
