import type { LanguageModel, LanguageModelConfig } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';

/** Facts of a model in plain data. */
export interface ModelFacts {
  kind: string;
  parameters: number;
  /** Parameters without those of vocabulary tables: matrices with a row for each token. */
  bodyParameters: number;
  vocabSize: number;
  tokenizer: string;
  config: LanguageModelConfig;
}

/** The facts of a model and its tokenizer. */
export function describeModel(model: LanguageModel, tokenizer: Tokenizer): ModelFacts {
  const { vocabSize } = model.config;
  const tables = model.parameters().filter(({ shape }) => shape[0] === vocabSize);
  const parameters = model.parameterCount();
  return {
    kind: model.kind,
    parameters,
    bodyParameters: parameters - tables.reduce((sum, { numel }) => sum + numel, 0),
    vocabSize,
    tokenizer: tokenizer.type,
    config: { ...model.config },
  };
}
