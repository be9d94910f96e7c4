import { createHash } from 'node:crypto';
import type { z } from 'zod';

import {
  checkOptions,
  deferSchema,
  expectNotNegative,
  expectPositiveInteger,
  expectString,
  raise,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import type {
  VerificationFailure,
  VerificationRequest,
  VerificationUsage,
  VerificationVerdict,
  Verifier,
} from './verifier.js';

/** Settings of {@link createChatVerifier}. */
export interface ChatVerifierOptions {
  /** The address of a chat endpoint, e.g. `http://localhost:8080/v1/chat/completions`. */
  url: string;
  model: string;
  /** The environment variable that holds the key; the key itself is neither stored nor shown (default: no key). */
  keyVariable?: string;
  /** US dollars for a million tokens of questions (default 0: unknown). */
  inputPrice?: number;
  /** US dollars for a million tokens of answers (default 0: unknown). */
  outputPrice?: number;
  /** How long a call may take, in milliseconds (default 60,000). */
  timeoutMs?: number;
}

const chatKeys: OptionChecks<ChatVerifierOptions> = {
  url: expectString,
  model: expectString,
  keyVariable: expectString,
  inputPrice: expectNotNegative,
  outputPrice: expectNotNegative,
  timeoutMs: expectPositiveInteger,
};

const verdictSchema = deferSchema((z) =>
  z.object({
    is_correct: z.boolean(),
    confidence: z.number().min(0).max(1).default(1),
    issues: z.array(z.string()).default([]),
    corrected_formula: z.string().nullish(),
    corrected_atoms: z.array(z.object({ letter: z.string(), gloss: z.string() })).nullish(),
  }),
);

const answerSchema = deferSchema((z) =>
  z.object({
    choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
    usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).optional(),
    model: z.string().optional(),
  }),
);

const INSTRUCTION =
  'Compruebas si una fórmula de lógica proposicional dice lo mismo que una oración en español. La «o» es inclusiva salvo que ' +
  'la oración lo excluya; «solo si» es →; «a menos que» es ¬q → p. Responde solo con JSON: {"is_correct": bool, "confidence": ' +
  '0–1, "issues": [string], "corrected_formula": string o null, "corrected_atoms": [{"letter", "gloss"}] o null}.';

/** The hash of what verifiers are told, by which records name it. */
export const PROMPT_HASH = createHash('sha256').update(INSTRUCTION).digest('hex').slice(0, 16);

/**
 * A verifier that asks a chat endpoint over HTTP.
 *
 * @param options - where it is and what it is called
 * @returns a verifier; network faults, 408, 429 and 5xx may be tried again, other refusals are fatal
 * @throws ArgumentError where the variable of the key is not set
 */
export function createChatVerifier(options: ChatVerifierOptions): Verifier {
  checkOptions('createChatVerifier', options, chatKeys);
  readKey(options);
  return {
    provider: new URL(options.url).host,
    verify: async (request, { signal }) => sendRequest(request, options, signal),
  };
}

function readKey({ keyVariable }: ChatVerifierOptions): string | undefined {
  if (keyVariable === undefined) return undefined;
  const key = process.env[keyVariable];
  if (key !== undefined && key !== '') return key;
  const expected = `the environment variable ${keyVariable} to hold a key`;
  raise('PAL_ARGUMENT', { where: 'createChatVerifier', expected, received: 'nothing' });
}

async function sendRequest(
  request: VerificationRequest,
  options: ChatVerifierOptions,
  signal: AbortSignal,
): Promise<VerificationVerdict | VerificationFailure> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs ?? 60_000)]);
  try {
    const response = await fetch(options.url, { ...describeCall(request, options), signal: limit });
    if (!response.ok) return await describeRefusal(response);
    return readAnswer(await response.text(), options);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { failure: 'retry', message };
  }
}

function describeCall(request: VerificationRequest, options: ChatVerifierOptions): RequestInit {
  const key = readKey(options);
  const legend = request.atoms.map(({ letter, gloss }) => `${letter}: ${gloss}`).join('\n');
  const question = `Oración: ${request.input}\nFórmula: ${request.formula}\nÁtomos:\n${legend}`;
  const messages = [
    { role: 'system', content: INSTRUCTION },
    { role: 'user', content: question },
  ];
  const headers = {
    'content-type': 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
  };
  return {
    method: 'POST',
    headers,
    body: JSON.stringify({ model: options.model, messages, temperature: 0.1, max_tokens: 500 }),
  };
}

async function describeRefusal(response: Response): Promise<VerificationFailure> {
  const { status } = response;
  await response.body?.cancel();
  const passes = status === 408 || status === 429 || status >= 500;
  const after = response.headers.get('retry-after');
  return {
    failure: passes ? 'retry' : 'fatal',
    message: `the service answered ${status}`,
    retryAfterMs: passes && after !== null ? readWait(after) : undefined,
  };
}

/** Seconds, or a date. */
function readWait(after: string): number | undefined {
  const wait = /^\d+(?:\.\d+)?$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function readAnswer(text: string, options: ChatVerifierOptions): VerificationVerdict | VerificationFailure {
  const answer = parseWith(answerSchema, text);
  const usage = describeUsage(answer?.usage, options);
  const content = answer?.choices[0]!.message.content ?? '';
  const found = parseWith(verdictSchema, extractObject(content));
  if (answer === undefined || found === undefined)
    return { failure: 'malformed', message: 'no verdict as JSON', usage };
  return {
    isCorrect: found.is_correct,
    confidence: found.confidence,
    issues: found.issues,
    correctedFormula: found.corrected_formula ?? undefined,
    correctedAtoms: found.corrected_atoms ?? undefined,
    usage,
    model: answer.model ?? options.model,
  };
}

/** What stands between the outermost braces, without fences of code. */
function extractObject(text: string): string {
  return text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1);
}

function parseWith<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function describeUsage(
  usage: { prompt_tokens: number; completion_tokens: number } | undefined,
  { inputPrice = 0, outputPrice = 0 }: ChatVerifierOptions,
): VerificationUsage {
  const [inputTokens, outputTokens] = [usage?.prompt_tokens ?? 0, usage?.completion_tokens ?? 0];
  return { inputTokens, outputTokens, costUsd: (inputTokens * inputPrice + outputTokens * outputPrice) / 1e6 };
}
