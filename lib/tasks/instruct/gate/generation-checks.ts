import { computeRepetitionRate } from '../../../evaluation/metrics/index.js';
import { generateTexts } from '../../../generation/index.js';
import type { GeneratedText } from '../../../generation/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { encodeChat, findEndTokens, findTurnEnd } from '../../../text/index.js';
import type { ChatTemplate, Tokenizer } from '../../../text/index.js';
import type { Instruction } from '../instruction.js';
import type { GenerationFigures } from './quality-report.js';

/** Settings of {@link checkGenerations}. */
export interface GenerationCheckOptions {
  tokenizer: Tokenizer;
  template: ChatTemplate;
  /** The most answers that are written. */
  prompts: number;
  /** The most tokens of an answer. */
  maxTokens: number;
  signal?: AbortSignal | undefined;
}

/** Letters that a key word has at least. */
const KEYWORD = 4;
/** Characters of a piece of a template that no answer has by chance. */
const PIECE = 4;
/** A text that no template writes. */
const MARK = '\u{f0001}';

/**
 * Lets a model answer questions by the likeliest tokens, and looks at how it writes.
 * @param model - with the adapters that act
 * @param examples - whose last turn is the wanted answer
 * @param options - tokenizer and template of the model, and how much is written
 * @returns the figures; undefined where no example has a question
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function checkGenerations(
  model: LanguageModel,
  examples: readonly Instruction[],
  options: GenerationCheckOptions,
): Promise<GenerationFigures | undefined> {
  const { tokenizer, template, maxTokens, signal } = options;
  const room = model.config.contextLength ?? Infinity;
  const asked = examples
    .flatMap((example) => splitQuestion(example, options))
    .filter(({ ids }) => ids.length > 0 && ids.length + maxTokens <= room)
    .slice(0, options.prompts);
  if (asked.length === 0) return undefined;
  const turnEnd = findTurnEnd(tokenizer, template);
  const endTokens = [...new Set([...findEndTokens(tokenizer), ...(turnEnd === undefined ? [] : [turnEnd])])];
  const texts = await generateTexts(
    model,
    tokenizer,
    asked.map(({ ids }) => ids),
    { temperature: 0, maxTokens, endTokens, addSpecialTokens: false, ...(signal && { signal }) },
  );
  const answers = asked.map(({ wanted }) => wanted);
  return measureTexts(texts, answers, { endTokens, pieces: listPieces(options), special: listSpecial(tokenizer) });
}

/** The ids of a question, and the wanted answer. */
function splitQuestion(
  example: Instruction,
  { tokenizer, template }: GenerationCheckOptions,
): { ids: Uint32Array; wanted: string }[] {
  if (example.type === 'text') {
    const ids = Uint32Array.from(tokenizer.encode(example.prompt));
    return ids.length === 0 ? [] : [{ ids, wanted: example.completion }];
  }
  const last = example.messages.findLastIndex(({ role }) => role === 'assistant');
  const wanted = example.messages[last]?.content;
  if (typeof wanted !== 'string') return [];
  const { ids } = encodeChat(tokenizer, template, example.messages.slice(0, last), { addGenerationPrompt: true });
  return [{ ids, wanted }];
}

interface TextRules {
  endTokens: readonly number[];
  pieces: readonly string[];
  special: ReadonlySet<number>;
}

function measureTexts(
  texts: readonly GeneratedText[],
  wanted: readonly string[],
  { endTokens, pieces, special }: TextRules,
): GenerationFigures {
  const bodies = texts.map(({ ids }) => (endTokens.includes(ids.at(-1) ?? -1) ? ids.slice(0, -1) : ids));
  const leaks = texts.filter(
    ({ text }, i) => pieces.some((piece) => text.includes(piece)) || bodies[i]!.some((id) => special.has(id)),
  );
  const repetition = computeRepetitionRate(bodies, 3);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    answers: texts.length,
    end_rate: mean(texts.map(({ finish }) => Number(finish === 'end'))),
    template_leaks: leaks.length,
    repetition: Number.isNaN(repetition) ? 0 : repetition,
    exact: mean(texts.map(({ text }, i) => Number(normalize(text) === normalize(wanted[i]!)))),
    keywords: mean(texts.map(({ text }, i) => scoreKeywords(text, wanted[i]!))),
  };
}

/** Texts that a template writes around turns, and names of special tokens. */
function listPieces({ tokenizer, template }: GenerationCheckOptions): string[] {
  const messages = [
    { role: 'user', content: MARK },
    { role: 'assistant', content: MARK },
  ];
  const rendered = template.render(messages).replaceAll(MARK, '\n');
  const around = rendered.split('\n').map((piece) => piece.trim());
  const names = Object.keys(tokenizer.specialTokens ?? {});
  return [...new Set([...around, ...names])].filter((piece) => piece.length >= PIECE);
}

function listSpecial(tokenizer: Tokenizer): Set<number> {
  return new Set(Object.values(tokenizer.specialTokens ?? {}));
}

function normalize(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

function scoreKeywords(text: string, wanted: string): number {
  const list = (some: string): string[] => normalize(some).match(/[\p{L}\p{N}]+/gu) ?? [];
  const words = new Set(list(wanted).filter((word) => word.length >= KEYWORD));
  const written = new Set(list(text));
  return words.size === 0 ? 1 : [...words].filter((word) => written.has(word)).length / words.size;
}
