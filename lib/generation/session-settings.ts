import { formatSuggestion, isPalabraError, parseConfig, raise, show } from '../core/index.js';
import { generationConfigSchema } from '../models/interface/index.js';
import type { GenerationConfig } from '../models/interface/index.js';
import type { Tokenizer } from '../text/index.js';
import { generationPresets, resolvePreset } from './presets.js';
import type { GenerationPreset } from './presets.js';

/**
 * The settings with some changed.
 *
 * @param settings - as they are
 * @param words - what was typed, as `temperature=0.7` or `preset=creative`
 * @param tokenizer - of the model; presets leave out penalties where its tokens are letters
 * @returns the changed settings
 * @throws ConfigError and ArgumentError for what doesn't fit
 */
export function applyChanges(
  settings: GenerationConfig,
  words: readonly string[],
  tokenizer: Tokenizer,
): GenerationConfig {
  const pairs = words.map(parsePair);
  const preset = pairs.find(([name]) => name === 'preset')?.[1];
  const base = preset === undefined ? settings : getPreset(preset, tokenizer);
  const others = pairs.filter(([name]) => name !== 'preset').map(([name, value]) => [name, parseValue(value)] as const);
  return parseConfig('chat', generationConfigSchema, { ...base, ...Object.fromEntries(others) });
}

function parsePair(word: string): [name: string, value: string] {
  const at = word.indexOf('=');
  if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
  return raise('PAL_ARGUMENT', { where: 'chat', expected: 'name=value', received: show(word) });
}

function getPreset(name: string, tokenizer: Tokenizer): GenerationConfig {
  const names = Object.keys(generationPresets);
  if (names.includes(name)) return resolvePreset(name as GenerationPreset, tokenizer);
  return raise('PAL_ARGUMENT', {
    where: 'chat',
    expected: `one of ${names.join(', ')}`,
    received: show(name),
    fix: formatSuggestion(name, names),
  });
}

/** Parses what was typed as a value: JSON, else a string; `off` takes a setting away. */
function parseValue(value: string): unknown {
  if (value === 'off') return undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/**
 * Does some work; an error of the library is said instead.
 *
 * @param write - takes the error's text
 * @param otherwise - the value where the work fails
 * @param work - what is tried
 * @returns the work's value, or the other
 */
export function attempt<T>(write: (text: string) => void, otherwise: T, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!isPalabraError(error)) throw error;
    write(`${error.message}\n`);
    return otherwise;
  }
}
