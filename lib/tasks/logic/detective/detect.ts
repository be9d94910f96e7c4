import { Turns, checkOptions, expectPositiveInteger, expectString, raise } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { generateMany } from '../../../generation/index.js';
import { explainFallacy, fallacyLabels } from '../../../logic/index.js';
import type { FallacyLabel, FallacyRecord } from '../../../logic/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { indexSelect, noGrad, scope, tensor } from '../../../tensor/index.js';
import type { Tokenizer } from '../../../text/index.js';
import { CopyConstraint } from './copy-constraint.js';
import { EDGE, encodeDetectivePrompt, locateEdges } from './encode-fallacy.js';
import { DetectiveVocabulary } from './vocabulary.js';

/** Settings of {@link detect}. */
export interface DetectOptions {
  /** A model that was trained for it; dropout is off whatever its mode. */
  model: LanguageModel;
  /** The one that the model was trained with. */
  tokenizer: Tokenizer;
  /** Texts side by side (default 32). */
  batchSize?: number | undefined;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal | undefined;
}

/** What was found in a text. */
export interface DetectedFallacy extends FallacyRecord {
  /** P of each label under the model, among the labels alone; their sum is 1. */
  probabilities: Record<FallacyLabel, number>;
}

/** Tokens behind a label: a severity, both edges, the end. */
const WRITTEN = 2 + 2 * EDGE;

const detectKeys: OptionChecks<DetectOptions> = { model: true, tokenizer: true, batchSize: true, signal: true };

/**
 * Looks for informal fallacies in texts: for each the likeliest label, and where it is a fallacy the words that commit it
 * and how sure they sound. Nothing but a label, a severity and words of the text can be written.
 *
 * @param texts - of at least one character
 * @param options - the model and its tokenizer
 * @returns one result a text, in their order
 * @throws ArgumentError for an empty text, one that is longer than the model's context, and a tokenizer without labels
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example const [found] = await detect(['O vienes o te odio.'], { model, tokenizer });
 */
export async function detect(texts: readonly string[], options: DetectOptions): Promise<DetectedFallacy[]> {
  const { model, tokenizer, batchSize = 32, signal } = checkOptions('detect', options, detectKeys);
  expectPositiveInteger('detect', 'batchSize', batchSize);
  const vocabulary = new DetectiveVocabulary(tokenizer);
  const prompts = texts.map((text, place) => encodeText(text, place, model, vocabulary));
  const found: DetectedFallacy[] = [];
  for (let first = 0; first < texts.length; first += batchSize) {
    const batch = { texts: texts.slice(first, first + batchSize), prompts: prompts.slice(first, first + batchSize) };
    found.push(...(await detectBatch(batch, model, vocabulary, signal)));
  }
  return found;
}

function encodeText(text: string, place: number, model: LanguageModel, vocabulary: DetectiveVocabulary): number[] {
  const prompt = Array.from(encodeDetectivePrompt(expectString('detect', `texts[${place}]`, text), vocabulary));
  const { contextLength = Infinity } = model.config;
  if (text.trim() !== '' && prompt.length + 1 + WRITTEN <= contextLength) return prompt;
  return raise('PAL_ARGUMENT', {
    where: 'detect',
    expected: `texts[${place}] to be a text of at most ${contextLength - WRITTEN - 1} tokens`,
    received: text.trim() === '' ? 'an empty one' : `one of ${prompt.length}`,
  });
}

/** Texts side by side. */
interface Batch {
  texts: readonly string[];
  prompts: readonly number[][];
}

async function detectBatch(
  { texts, prompts }: Batch,
  model: LanguageModel,
  vocabulary: DetectiveVocabulary,
  signal: AbortSignal | undefined,
): Promise<DetectedFallacy[]> {
  const all = await computeProbabilities(prompts, model, vocabulary, signal);
  const labels = all.map((one) => fallacyLabels.reduce((best, label) => (one[label] > one[best] ? label : best)));
  const guilty = [...texts.keys()].filter((place) => labels[place] !== 'none');
  const outputs = await copySpans(
    guilty.map((place) => [...prompts[place]!, vocabulary.labels[labels[place]!]]),
    { model, vocabulary, signal },
  );
  return texts.map((text, place) => {
    const output = outputs[guilty.indexOf(place)];
    return readFinding(text, labels[place]!, output, { prompt: prompts[place]!, vocabulary, all: all[place]! });
  });
}

function readFinding(
  text: string,
  label: FallacyLabel,
  output: readonly number[] | undefined,
  { prompt, vocabulary, all }: { prompt: readonly number[]; vocabulary: DetectiveVocabulary; all: Probabilities },
): DetectedFallacy {
  const [digit = -1, ...edges] = output?.filter((id) => id !== vocabulary.logic.eos) ?? [];
  const span = locateEdges(text, edges, prompt, vocabulary);
  const explanation = explainFallacy(label, span === null ? '' : text.slice(...span));
  const severity = vocabulary.severities.indexOf(digit) + 1;
  return { text, label, span: span && [...span], explanation, severity, probabilities: all };
}

type Probabilities = Record<FallacyLabel, number>;

/** P of each label behind each prompt, prompts of one length together. */
async function computeProbabilities(
  prompts: readonly (readonly number[])[],
  model: LanguageModel,
  { labels }: DetectiveVocabulary,
  signal: AbortSignal | undefined,
): Promise<Probabilities[]> {
  const ids = fallacyLabels.map((label) => labels[label]);
  const turns = new Turns('detect', signal);
  const found: Probabilities[] = [];
  for (const length of new Set(prompts.map((prompt) => prompt.length))) {
    await turns.next();
    const places = [...prompts.keys()].filter((place) => prompts[place]!.length === length);
    const rows = readRows(
      places.map((place) => prompts[place]!),
      ids,
      model,
    );
    for (const [row, place] of places.entries())
      found[place] = Object.fromEntries(
        fallacyLabels.map((label, i) => [label, rows[row * ids.length + i]!]),
      ) as Probabilities;
  }
  return found;
}

/** P of some tokens behind prompts of one length, among these tokens alone. */
function readRows(prompts: readonly (readonly number[])[], ids: readonly number[], model: LanguageModel): Float64Array {
  return noGrad(() =>
    scope(() => {
      const input = tensor(prompts, { dtype: 'int64', device: model.device });
      const logits = model.forward(input, { training: false }).select(1, -1); // R V
      const chosen = indexSelect(logits, 1, tensor(ids, { dtype: 'int64', device: model.device }));
      return chosen.to('float64').softmax(1).data() as Float64Array;
    }),
  );
}

/** What is written behind each prompt and its label. */
async function copySpans(
  prompts: number[][],
  {
    model,
    vocabulary,
    signal,
  }: { model: LanguageModel; vocabulary: DetectiveVocabulary; signal: AbortSignal | undefined },
): Promise<number[][]> {
  const outputs = prompts.map((): number[] => []);
  if (prompts.length === 0) return outputs;
  const tokens = generateMany(model, vocabulary.tokenizer, prompts, {
    ...{ temperature: 0, maxTokens: WRITTEN },
    ...{ endTokens: [vocabulary.logic.eos], constraint: new CopyConstraint(vocabulary) },
    ...(signal !== undefined && { signal }),
  });
  for await (const { prompt, id } of tokens) outputs[prompt]!.push(id);
  return outputs;
}
