import { architectures } from '../../models/index.js';
import type { Architecture } from '../../models/index.js';
import { trainerPresets } from '../../training/config/index.js';
import type { Settings } from './config-file.js';

/** Settings beside the model that the presets of an architecture start from. */
const workflows: Readonly<Record<string, Settings>> = {
  // Ten thousand words, windows that overlap by half, and the trainer of the guided workflow.
  lstm: {
    tokenizer: { type: 'word', words: 10_000 },
    dataset: { type: 'windows', length: 100, stride: 50 },
    trainer: trainerPresets.lstm,
  },
};

function listPresets({ kind, presets }: Architecture): [string, Settings][] {
  return Object.entries(presets).map(([name, preset]) => [
    name,
    { ...workflows[kind], model: { type: kind, ...preset } },
  ]);
}

/** Settings of `palabra train` by name, made of the presets of all architectures. */
export const trainPresets: Readonly<Record<string, Settings>> = Object.fromEntries(architectures.flatMap(listPresets));
