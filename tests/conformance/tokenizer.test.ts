import fc from 'fast-check';
import { BpeTokenizer, ByteTokenizer, CharTokenizer, WordTokenizer, loadGpt2Tokenizer } from '../../lib/text/index.js';
import { anyText } from '../helpers/text.js';
import { tokenizerConformance } from './tokenizer.js';

const specialTokens = ['<PAD>', '<END>'];
const familiar = fc.array(fc.constantFrom(...'the cat sat é😀 \n<>'), { maxLength: 60 }).map((all) => all.join(''));

tokenizerConformance({
  name: 'bytes',
  make: () => Promise.resolve(new ByteTokenizer()),
  texts: anyText,
  lossless: true,
});
tokenizerConformance({
  name: 'characters',
  make: (text) => CharTokenizer.train(`${text}\n`),
  texts: familiar,
  lossless: true,
});
tokenizerConformance({
  name: 'characters with an unknown one',
  make: (text) => CharTokenizer.train(text, { unknown: true }),
  texts: anyText,
  lossless: false,
});
tokenizerConformance({ name: 'words', make: (text) => WordTokenizer.train(text), texts: anyText, lossless: false });
tokenizerConformance({
  name: 'BPE of bytes',
  make: (text) => BpeTokenizer.train(text, { vocabSize: 300, minFrequency: 1, specialTokens }),
  texts: anyText,
  lossless: true,
});
tokenizerConformance({
  name: 'BPE of bytes, LLaMA 3’s pieces',
  make: (text) => BpeTokenizer.train(text, { vocabSize: 300, minFrequency: 1, pattern: 'llama-3', specialTokens }),
  texts: anyText,
  lossless: true,
});
tokenizerConformance({
  name: 'BPE of characters',
  make: (text) => BpeTokenizer.train(`${text}\n`, { base: 'character', minFrequency: 1, specialTokens }),
  texts: familiar,
  lossless: true,
});
tokenizerConformance({
  name: 'BPE of characters with bytes for unknown ones',
  make: (text) => BpeTokenizer.train(text, { base: 'character', unknown: 'bytes', minFrequency: 1, specialTokens }),
  texts: anyText,
  lossless: true,
});
tokenizerConformance({
  name: 'BPE of characters with an unknown one',
  make: (text) => BpeTokenizer.train(text, { base: 'character', unknown: 'token', minFrequency: 1, specialTokens }),
  texts: anyText,
  lossless: false,
});
tokenizerConformance({ name: 'GPT-2', make: () => loadGpt2Tokenizer(), texts: anyText, lossless: true });
