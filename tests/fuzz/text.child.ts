/**
 * `text.child.ts CAMPAIGN SEED CALLS`: one campaign against the text part of palabra.node in a process of its own.
 * Prints how often which code was thrown, and what was thrown that is no PalabraError.
 */
import { isPalabraError } from '../../lib/core/index.js';
import { openTextAddon } from '../../lib/native/text.js';
import type { BpeSettings, TextAddon } from '../../lib/native/text.js';
import { BpeTokenizer, parseTokenizer } from '../../lib/text/index.js';
import { Draw } from './draw.js';
import { anything } from './values.js';

/** What a campaign did: calls by how they ended. */
export interface TextCampaign {
  outcomes: Record<string, number>;
  failures: string[];
}

type Call = (draw: Draw) => unknown;

const found: TextCampaign = { outcomes: {}, failures: [] };
const addon = openTextAddon();
const patterns = ['none', 'metaspace', 'gpt-2', 'llama-3', 'qwen-2'] as const;
const textsOf = ['', 'the cat', 'a'.repeat(3000), '😀é\uD800', ' \n\t\r\n', 'x\0y', 'ab'.repeat(40)];

/** Objects that the session made, some of which are not what an entry wants. */
const made: unknown[] = [];
const mostMade = 40;

function ids(draw: Draw, length: number): Uint32Array {
  return Uint32Array.from({ length }, () =>
    draw.chance(0.05) ? draw.pick([2 ** 32 - 1, 2 ** 24, 2 ** 31]) : draw.integer(0, 300),
  );
}

function settings(draw: Draw): unknown {
  const plain: BpeSettings = {
    pattern: draw.pick(patterns),
    merges: ids(draw, draw.pick([0, 3, 30, 300, 4])),
    bytes: draw.pick([
      ids(draw, 0),
      ids(draw, 256),
      Uint32Array.from({ length: 256 }, (_, byte) => byte),
      ids(draw, 9),
    ]),
    characters: draw.pick([undefined, undefined, ids(draw, 20), Uint32Array.of(97, 1, 98, 2, 32, 3)]),
    endings: draw.pick([undefined, undefined, ids(draw, 6)]),
    unknown: draw.pick([undefined, 0, 2 ** 24, -1]),
    fuseUnknown: draw.chance(0.5),
    words: draw.pick([undefined, new TextEncoder().encode('thecat')]),
    wordParts: draw.pick([new Uint32Array(0), Uint32Array.of(3, 7, 3, 8), Uint32Array.of(9, 1), Uint32Array.of(1)]),
  };
  if (draw.chance(0.1)) return anything(draw);
  return draw.chance(0.3) ? { ...plain, [draw.pick(Object.keys(plain))]: anything(draw) } : plain;
}

function training(draw: Draw): unknown {
  const plain = {
    vocabSize: draw.pick([0, 256, 300, 2000, 2 ** 24, 2 ** 24 + 1]),
    minFrequency: draw.pick([0, 1, 2, 2 ** 53 - 1, -1]),
    specialTokens: draw.pick([[], ['<A>'], ['<A>', '<A>'], ['a'], [1]]),
    characters: draw.chance(0.5),
    allBytes: draw.chance(0.5),
    ending: draw.pick(['', '</w>', 'a']),
  };
  return draw.chance(0.3) ? { ...plain, [draw.pick(Object.keys(plain))]: anything(draw) } : plain;
}

const kept = (draw: Draw): unknown => (draw.chance(0.1) || made.length === 0 ? anything(draw) : draw.pick(made));
const text = (draw: Draw): unknown => (draw.chance(0.1) ? anything(draw) : draw.pick(textsOf));
const done = (draw: Draw): unknown => (draw.chance(0.1) ? anything(draw) : () => undefined);

/** Plausible arguments for every entry but `stop`, which ends the thread, and `initialize`. */
const entries: Record<Exclude<keyof TextAddon, 'stop' | 'initialize'>, (draw: Draw) => unknown[]> = {
  bpe: (draw) => [settings(draw)],
  encode: (draw) => [kept(draw), text(draw)],
  texts: () => [],
  appendText: (draw) => [kept(draw), text(draw), draw.chance(0.9) ? draw.chance(0.7) : anything(draw)],
  encodeTexts: (draw) => [kept(draw), kept(draw), done(draw)],
  wordCounts: (draw) => [draw.chance(0.9) ? draw.pick(patterns) : anything(draw)],
  countTexts: (draw) => [kept(draw), kept(draw), done(draw)],
  trainBpe: (draw) => [kept(draw), training(draw), done(draw)],
  abort: (draw) => [draw.chance(0.5) ? draw.integer(0, 500) : anything(draw)],
};

/** One call of an entry of the addon. */
const entryCall: Call = (draw) => {
  const name = draw.pick(Object.keys(entries) as (keyof typeof entries)[]);
  const result: unknown = (addon[name] as (...args: unknown[]) => unknown)(...entries[name](draw));
  if (typeof result === 'object' && result !== null) made.push(result);
  if (made.length > mostMade) made.splice(0, mostMade / 2);
  return result;
};

/** A stored tokenizer with something in it changed: a value, a key, or a byte of its text. */
function mutated(draw: Draw, stored: string): unknown {
  if (draw.chance(0.3)) {
    const at = draw.integer(0, stored.length - 1);
    const change = String.fromCharCode(draw.integer(32, 126));
    return JSON.parse(stored.slice(0, at) + change + stored.slice(at + draw.integer(0, 2)));
  }
  const data = JSON.parse(stored) as Record<string, unknown>;
  for (let n = draw.integer(1, 3); n > 0; n--) changeInside(draw, data);
  return JSON.parse(JSON.stringify(data, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}

/** Walks down to some value and puts another in its place, or another's. */
function changeInside(draw: Draw, data: Record<string, unknown>): void {
  let place = data;
  for (;;) {
    const keys = Object.keys(place);
    if (keys.length === 0) return;
    const key = draw.pick(keys);
    const value = place[key];
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && draw.chance(0.8)) {
      place = value as Record<string, unknown>;
      continue;
    }
    if (draw.chance(0.3)) Reflect.deleteProperty(place, key);
    else place[key] = draw.chance(0.5) ? anything(draw) : place[draw.pick(keys)];
    return;
  }
}

const corpus = 'the cat sat on the mat; ¡hola! 😀 '.repeat(4);
const trained = await Promise.all([
  BpeTokenizer.train(corpus, { vocabSize: 280, specialTokens: ['<END>'], normalize: ['NFC'] }),
  BpeTokenizer.train(corpus, { vocabSize: 280, pattern: 'llama-3' }),
  BpeTokenizer.train(corpus, { base: 'character', unknown: 'token' }),
  BpeTokenizer.train(corpus, { base: 'character', unknown: 'bytes', vocabSize: 300 }),
]);
const stored = trained.map((tokenizer) => JSON.stringify(tokenizer));

/** One `tokenizer.json` with something in it changed, read and used. */
const fileCall: Call = (draw) => {
  const tokenizer = parseTokenizer(mutated(draw, draw.pick(stored)));
  const encoded = tokenizer.encode(draw.pick(textsOf.filter((one) => one.isWellFormed())));
  return tokenizer.decode(encoded) + JSON.stringify(tokenizer);
};

function outcome(call: Call, draw: Draw): string {
  try {
    call(draw);
    return 'accepted';
  } catch (error) {
    if (isPalabraError(error)) return error.code;
    // A change that leaves no JSON is the file reader's matter.
    if (call === fileCall && error instanceof SyntaxError) return 'no JSON';
    if (found.failures.length < 20) found.failures.push(error instanceof Error ? (error.stack ?? '') : String(error));
    return 'another error';
  }
}

const [campaign, seed, calls] = process.argv.slice(2);
const call = campaign === 'files' ? fileCall : entryCall;
for (let i = 0; i < Number(calls); i++) {
  const ended = outcome(call, new Draw(Number(seed), campaign!, i));
  found.outcomes[ended] = (found.outcomes[ended] ?? 0) + 1;
  // Jobs end in between.
  if (i % 100 === 99) await new Promise((resume) => setImmediate(resume));
}
console.log(JSON.stringify(found));
