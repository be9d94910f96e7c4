import { parseConfig } from '../../core/index.js';
import type { Architecture, LeastSize } from '../interface/architecture.js';
import { LstmLanguageModel } from './lstm.js';
import { lstmConfigSchema, lstmPresets } from './lstm-config.js';
import type { LstmModelOptions } from './lstm-config.js';

/** The {@link LstmLanguageModel} in the registry. */
export const lstmArchitecture: Architecture = {
  kind: 'lstm',
  schema: lstmConfigSchema,
  build: (config) => new LstmLanguageModel(config as LstmModelOptions),
  measureLeastSize,
  toDropout: (share) => share,
  presets: { lstm: lstmPresets.standard, 'lstm-minimal': lstmPresets.minimal },
  huggingFace: [],
};

function measureLeastSize(config: unknown): LeastSize {
  const sizes = parseConfig('LstmLanguageModel', lstmConfigSchema, config);
  const { vocabSize, vocabMultiple, embeddingDim, width, layers } = sizes;
  const rows = vocabMultiple * Math.ceil(vocabSize / vocabMultiple);
  return { layers, numbers: rows * embeddingDim + layers * 4 * width * width };
}
