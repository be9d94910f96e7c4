import { expectString, raise, show } from '../../../core/index.js';
import { generateMany } from '../../../generation/index.js';
import { findSuppressedTokens } from '../../../text/index.js';
import { searchBeams } from '../decoding/beam-search.js';
import { LogicConstraint } from '../decoding/logic-constraint.js';
import type { LogicMatcher } from '../decoding/logic-constraint.js';
import { encodeLogicPrompt } from '../sequence/encode-record.js';
import { LogicVocabulary } from '../sequence/vocabulary.js';
import { resolveFormalize } from './formalize-options.js';
import type { FormalizeOptions, FormalizeSettings } from './formalize-options.js';
import { readOutput } from './read-output.js';
import type { FormalizedSentence, GeneratedOutput } from './read-output.js';

/** The most characters of a sentence. */
const LONGEST_SENTENCE = 600;

/** Sentences side by side and what they are read with. */
interface Batch extends FormalizeSettings {
  vocabulary: LogicVocabulary;
  /** Undefined where anything may be written. */
  constraint: LogicConstraint | undefined;
  prompts: number[][];
  /** The place of the first sentence among all. */
  first: number;
  maxTokens: number;
}

/**
 * Writes sentences as formulas: for each a formula, the clauses that its letters stand for and the words that say its
 * connectives. Unless it is switched off, a constraint lets the model write nothing else.
 *
 * @param texts - sentences of 1 to 600 characters
 * @param options - the model, its tokenizer, and how to decode
 * @returns one result a sentence, in their order
 * @throws ArgumentError for a sentence that is empty or too long, a tokenizer without the tokens of formulas, and settings
 *   out of range
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example
 * const [found] = await formalize(['Si llueve, me mojo.'], { model, tokenizer });
 * console.log(found.formula, found.atoms);
 */
export async function formalize(texts: readonly string[], options: FormalizeOptions): Promise<FormalizedSentence[]>;
/**
 * Writes one sentence as a formula.
 *
 * @param text - a sentence of 1 to 600 characters
 * @param options - the model, its tokenizer, and how to decode
 * @returns its result
 * @throws ArgumentError and PalabraError as for several
 */
export async function formalize(text: string, options: FormalizeOptions): Promise<FormalizedSentence>;
export async function formalize(
  texts: string | readonly string[],
  options: FormalizeOptions,
): Promise<FormalizedSentence | FormalizedSentence[]> {
  const settings = resolveFormalize(options);
  const sentences = (typeof texts === 'string' ? [texts] : texts).map(readSentence);
  const vocabulary = new LogicVocabulary(settings.tokenizer);
  const found: FormalizedSentence[] = [];
  const constraints = new Map<number, LogicConstraint>();
  for (let first = 0; first < sentences.length; first += settings.batchSize) {
    const inputs = sentences.slice(first, first + settings.batchSize);
    const batch = prepareBatch(settings, vocabulary, inputs, first, constraints);
    const outputs = settings.beams > 1 ? await search(batch) : await write(batch);
    found.push(...outputs.map((output, i) => readOutput(inputs[i]!, output, vocabulary)));
  }
  return typeof texts === 'string' ? found[0]! : found;
}

/** A sentence in NFC, trimmed. */
function readSentence(text: string, place: number): string {
  const sentence = expectString('formalize', `texts[${place}]`, text).normalize('NFC').trim();
  const length = Array.from(sentence).length;
  if (length > 0 && length <= LONGEST_SENTENCE) return sentence;
  return raise('PAL_ARGUMENT', {
    where: 'formalize',
    expected: `texts[${place}] to be a sentence of 1 to ${LONGEST_SENTENCE} characters`,
    received: length === 0 ? show(text) : `one of ${length}`,
    fix: 'Pass the sentences of a longer text one by one.',
  });
}

function prepareBatch(
  settings: FormalizeSettings,
  vocabulary: LogicVocabulary,
  sentences: readonly string[],
  first: number,
  constraints: Map<number, LogicConstraint>,
): Batch {
  const prompts = sentences.map((sentence) => Array.from(encodeLogicPrompt(sentence, vocabulary)));
  const maxTokens = measureRoom(settings, prompts);
  const { mode, limits, constrained, glossWords } = settings;
  if (constrained && !constraints.has(maxTokens))
    constraints.set(maxTokens, new LogicConstraint(vocabulary, { mode, limits, maxTokens, glossWords }));
  return { ...settings, vocabulary, constraint: constraints.get(maxTokens), prompts, first, maxTokens };
}

/** Tokens that can be written behind the longest prompt. */
function measureRoom({ model, maxNewTokens }: FormalizeSettings, prompts: readonly (readonly number[])[]): number {
  const { contextLength = Infinity } = model.config;
  const longest = Math.max(...prompts.map(({ length }) => length));
  if (longest < contextLength) return Math.min(maxNewTokens, contextLength - longest);
  return raise('PAL_ARGUMENT', {
    where: 'formalize',
    expected: `sentences of fewer than ${contextLength} tokens, as many as the model's context holds`,
    received: `one of ${longest}`,
  });
}

/** Greedy or sampled. */
async function write(batch: Batch): Promise<GeneratedOutput[]> {
  const { model, tokenizer, vocabulary, constraint, prompts, temperature, topK, maxTokens, seed, signal } = batch;
  const matchers: LogicMatcher[] = [];
  const start = (prompt: readonly number[]): LogicMatcher => {
    const matcher = constraint!.start(prompt);
    matchers.push(matcher);
    return matcher;
  };
  const outputs = prompts.map((): GeneratedOutput & { ids: number[] } => ({
    ids: [],
    logProbability: 0,
    finish: 'length',
  }));
  const tokens = generateMany(model, tokenizer, prompts, {
    ...{ temperature, maxTokens, endTokens: [vocabulary.eos] },
    ...(topK > 0 && { topK: Math.min(topK, model.config.vocabSize) }),
    ...(constraint !== undefined && { constraint: { start } }),
    ...(seed !== undefined && { seed: seed + batch.first }),
    ...(signal !== undefined && { signal }),
  });
  for await (const { prompt, id, text, logProbability, finish } of tokens) {
    const output = outputs[prompt]!;
    output.ids.push(id);
    output.logProbability += logProbability;
    if (finish === 'end') output.finish = matchers[prompt]?.forced === true ? 'constraint' : 'eos';
    batch.onToken?.({ sentence: batch.first + prompt, id, text });
  }
  return outputs;
}

/** By beams. */
async function search(batch: Batch): Promise<GeneratedOutput[]> {
  const { model, tokenizer, vocabulary, constraint, prompts, beams, maxTokens, signal } = batch;
  const found = await searchBeams({
    ...{ model, prompts, beams, maxTokens, signal, end: vocabulary.eos },
    suppressed: [
      ...findSuppressedTokens(tokenizer),
      ...Array.from({ length: model.config.vocabSize - tokenizer.size }, (_, i) => tokenizer.size + i),
    ],
    start: constraint && ((prompt) => constraint.start(prompt)),
  });
  return found.map(({ ids, logProbability, matcher, ended }) => ({
    ...{ ids, logProbability },
    finish: ended ? (matcher?.forced === true ? 'constraint' : 'eos') : 'length',
  }));
}
