import { Turns, raise } from '../../../core/index.js';
import { computeSyntacticPattern, generateRecord, parseFormula } from '../../../logic/index.js';
import type { LogicRecord, Slice } from '../../../logic/index.js';
import { hashToUnit, normalizeSentence } from './hold-out.js';
import type { LogicSplits } from './hold-out.js';

/** What {@link drawLogicExamples} makes. */
export interface DrawnExamples {
  /** Sentences to train on, above 0. */
  count: number;
  /** The most sentences of each kind that are held out, above 0. */
  held: number;
  /** Draws all of them. */
  seed: number;
  /** The share of sentences to train on with a flaw of typing, from 0 to 1. */
  noise: number;
  /** Stops the work. */
  signal?: AbortSignal | undefined;
}

/** The patterns, by how often they come, that are never held out: so much is made of them that little would be left. */
const FREQUENT = 10;
/** The share of the other patterns that is held out. */
const HELD_PATTERNS = 0.1;

/**
 * Draws sentences of the grammar to learn from, and three kinds that are held out: new sentences of patterns that are
 * trained on (`seen`), sentences of patterns that are not (`patterns`), and sentences made of predicates that are not
 * (`words`). No held-out sentence is trained on.
 *
 * @param options - how many, and the seed
 * @returns the examples, the same for the same options
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function drawLogicExamples(options: DrawnExamples): Promise<LogicSplits> {
  const { count, held, signal } = options;
  const turns = new Turns('drawLogicExamples', signal);
  const drawn = await drawRecords(count + 2 * held, { ...options, slice: 'train' }, turns);
  const patterns = await findPatterns(drawn, turns);
  const patternOf = ({ formula }: LogicRecord): string => patterns.get(formula)!;
  const heldPatterns = choosePatterns(drawn.map(patternOf));
  const isHeld = (record: LogicRecord): boolean => heldPatterns.has(patternOf(record));
  const rest = drawn.filter((record) => !isHeld(record));
  const train = rest.slice(0, count);
  const known = listSentences(train);
  const trained = new Set(train.map(patternOf));
  const isNew = ({ input }: LogicRecord): boolean => !known.has(normalizeSentence(input));
  const words = await drawRecords(held, { ...options, noise: 0, slice: 'test' }, turns);
  const kinds = {
    seen: rest.slice(count).filter((record) => trained.has(patternOf(record))),
    patterns: drawn.filter(isHeld),
    words,
  };
  const chosen = Object.entries(kinds).map(([name, records]) => [name, records.filter(isNew).slice(0, held)] as const);
  return { train, held: Object.fromEntries(chosen.filter(([, records]) => records.length > 0)) };
}

async function drawRecords(
  count: number,
  { seed, noise, slice }: Pick<DrawnExamples, 'seed' | 'noise'> & { slice: Slice },
  turns: Turns,
): Promise<LogicRecord[]> {
  const records: LogicRecord[] = [];
  const found = new Set<string>();
  for (let index = 0; records.length < count; index++) {
    if (turns.over) await turns.next();
    if (index > 20 * count + 1000) refuseExhausted(count, records.length);
    const record = generateRecord(index, { seed, noise, slice });
    const sentence = normalizeSentence(record.input);
    if (found.has(sentence)) continue;
    found.add(sentence);
    records.push(record);
  }
  return records;
}

/** The pattern of each formula; many records have the same. */
async function findPatterns(records: readonly LogicRecord[], turns: Turns): Promise<ReadonlyMap<string, string>> {
  const patterns = new Map<string, string>();
  for (const { formula } of records) {
    if (patterns.has(formula)) continue;
    if (turns.over) await turns.next();
    patterns.set(formula, computeSyntacticPattern(parseFormula(formula)));
  }
  return patterns;
}

/** The patterns that are held out: a tenth of those that are not among the most frequent, by a hash of their names. */
function choosePatterns(patterns: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const pattern of patterns) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([pattern]) => pattern);
  return new Set(byCount.slice(FREQUENT).filter((pattern) => hashToUnit(pattern) < HELD_PATTERNS));
}

function listSentences(records: readonly LogicRecord[]): ReadonlySet<string> {
  return new Set(records.map(({ input }) => normalizeSentence(input)));
}

function refuseExhausted(count: number, received: number): never {
  raise('PAL_DATA', {
    where: 'drawLogicExamples',
    expected: `${count} different sentences`,
    received: `${received} in twenty times as many draws`,
    fix: 'Ask for fewer.',
  });
}
