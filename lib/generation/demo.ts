import { checkOptions } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import { noGrad, scope, tensor } from '../tensor/index.js';
import type { GenerationConfig, LanguageModel } from '../models/interface/index.js';
import type { Tokenizer } from '../text/index.js';
import { generateTexts } from './generate.js';
import type { GeneratedText } from './generate.js';

/** One section of a demonstration: settings, prompts, and what came of them. */
export interface DemoSection {
  title: string;
  settings: GenerationConfig;
  prompts: readonly string[];
  texts: GeneratedText[];
  seconds: number;
  tokensPerSecond: number;
}

/** Memory that generation holds, in bytes. */
export interface DemoMemory {
  /** Bytes of the weights. */
  weights: number;
  /** Bytes of the state after the first prompt. */
  state: number;
  /** Tokens of that prompt. */
  tokens: number;
}

/** Settings of {@link demonstrate}. */
export interface DemoOptions {
  /** Texts to continue, at least two (default: two prompts in English). */
  prompts?: readonly [string, string, ...string[]];
  /** Default 0. */
  seed?: number;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal;
}

/** The keys of {@link DemoOptions}. */
export const demoKeys: OptionChecks<DemoOptions> = { prompts: true, seed: true, signal: true };

/** Sections of a demonstration: a title, settings, how many of the prompts, and how many texts of each. */
const SECTIONS: readonly [title: string, settings: GenerationConfig, prompts: number, samples: number][] = [
  ['Greedy', { temperature: 0, maxTokens: 30 }, 2, 1],
  ['Temperature 0.8', { temperature: 0.8, maxTokens: 30 }, 2, 1],
  ['Top-k 40, temperature 0.9', { temperature: 0.9, topK: 40, maxTokens: 40 }, 1, 1],
  ['Three samples at temperature 1.2', { temperature: 1.2, maxTokens: 25 }, 1, 3],
];

/**
 * Shows the texts of a model under several settings, one section after another.
 * @param model - dropout is off whatever its mode
 * @param tokenizer - the one the model was trained with
 * @param options - prompts, seed and signal
 * @param options.prompts - at least two; the first begins every section (default: two in English)
 * @param options.seed - of every section (default 0)
 * @param options.signal - ends with an error of code PAL_ABORTED
 * @returns the sections, and at the end the memory that generation holds, in bytes
 * @throws ArgumentError and PalabraError as `generate`
 */
export async function* demonstrate(
  model: LanguageModel,
  tokenizer: Tokenizer,
  options: DemoOptions = {},
): AsyncGenerator<DemoSection, DemoMemory, undefined> {
  const {
    prompts = ['Once upon a time', 'The world is'],
    seed = 0,
    signal,
  } = checkOptions('demonstrate', options, demoKeys);
  for (const [title, settings, count, samples] of SECTIONS) {
    const selected = prompts.slice(0, count);
    const start = performance.now();
    const options = { ...settings, samples, seed, ...(signal && { signal }) };
    const texts = await generateTexts(model, tokenizer, selected, options);
    const seconds = (performance.now() - start) / 1000;
    const tokens = texts.reduce((sum, { ids }) => sum + ids.length, 0);
    yield { title, settings, prompts: selected, texts, seconds, tokensPerSecond: tokens / seconds };
  }
  return measureMemory(model, tokenizer, prompts[0]);
}

function measureMemory(model: LanguageModel, tokenizer: Tokenizer, prompt: string): DemoMemory {
  const ids = Array.from(tokenizer.encode(prompt)).slice(0, model.config.contextLength);
  const state = model.newState(1);
  noGrad(() =>
    scope(() => {
      model.forward(tensor([ids], { dtype: 'int64', device: model.device }), { training: false, state });
    }),
  );
  const weights = model.parameters().reduce((sum, { bytes }) => sum + bytes, 0);
  const memory = { weights, state: state.bytes, tokens: ids.length };
  state.dispose();
  return memory;
}
