import { gptPresets, lstmPresets } from '../../models/index.js';
import { trainerPresets } from '../../training/index.js';
import type { Settings } from './config-file.js';

/** Ten thousand words, windows that overlap by half, and the trainer of the guided workflow. */
const guided = {
  tokenizer: { type: 'word', words: 10_000 },
  dataset: { type: 'windows', length: 100, stride: 50 },
  trainer: trainerPresets.lstm,
} as const;

/** Settings of `palabra train` by name, made of the presets that scripts use. */
export const trainPresets: Readonly<Record<string, Settings>> = {
  lstm: { ...guided, model: { type: 'lstm', ...lstmPresets.standard } },
  'lstm-minimal': { ...guided, model: { type: 'lstm', ...lstmPresets.minimal } },
  transformer: { model: { type: 'gpt', ...gptPresets.transformer } },
  llama: { model: { type: 'gpt', ...gptPresets.llama } },
};
