import { Turns, raise } from '../../../core/index.js';
import { computeSyntacticPattern, generateRecord, parseFormula } from '../../../logic/index.js';
import type { LogicRecord, Slice, StopList } from '../../../logic/index.js';
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
  /** Sentences that are never drawn. */
  avoid: StopList;
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
  const source = new Sentences({ ...options, slice: 'train' }, turns);
  const patterns = new Patterns(turns);
  const drawn = await source.draw(count + 2 * held);
  const heldPatterns = choosePatterns(await patterns.findAll(drawn));
  const isHeld = async (record: LogicRecord): Promise<boolean> => heldPatterns.has(await patterns.find(record));
  const [rest, apart] = await splitRecords(drawn, async (record) => !(await isHeld(record)));
  // What is held out by its pattern is not missing from the sentences to train on.
  while (rest.length < count + held) {
    const [more] = await splitRecords(
      await source.draw(count + held - rest.length),
      async (one) => !(await isHeld(one)),
    );
    rest.push(...more);
  }
  const train = rest.slice(0, count);
  const known = listSentences(train);
  const trained = new Set(await patterns.findAll(train));
  const isNew = ({ input }: LogicRecord): boolean => !known.has(normalizeSentence(input));
  const [seen] = await splitRecords(rest.slice(count), async (record) => trained.has(await patterns.find(record)));
  const words = await new Sentences({ ...options, noise: 0, slice: 'test' }, turns).draw(held);
  const chosen = Object.entries({ seen, patterns: apart, words }).map(
    ([name, records]) => [name, records.filter(isNew).slice(0, held)] as const,
  );
  return { train, held: Object.fromEntries(chosen.filter(([, records]) => records.length > 0)) };
}

/** Sentences of the grammar in their order, each once. */
class Sentences {
  #index = 0;
  readonly #found = new Set<string>();

  constructor(
    private readonly options: Pick<DrawnExamples, 'seed' | 'noise' | 'avoid'> & { slice: Slice },
    private readonly turns: Turns,
  ) {}

  /** The next ones. */
  async draw(count: number): Promise<LogicRecord[]> {
    const { seed, noise, avoid, slice } = this.options;
    const records: LogicRecord[] = [];
    const last = this.#index + 20 * count + 1000;
    while (records.length < count) {
      if (this.turns.over) await this.turns.next();
      if (this.#index > last) refuseExhausted(count, records.length);
      const record = generateRecord(this.#index++, { seed, noise, avoid, slice });
      const sentence = normalizeSentence(record.input);
      if (this.#found.has(sentence)) continue;
      this.#found.add(sentence);
      records.push(record);
    }
    return records;
  }
}

/** The pattern of each formula; many records have the same. */
class Patterns {
  readonly #known = new Map<string, string>();

  constructor(private readonly turns: Turns) {}

  async find({ formula }: LogicRecord): Promise<string> {
    let pattern = this.#known.get(formula);
    if (pattern === undefined) {
      if (this.turns.over) await this.turns.next();
      pattern = computeSyntacticPattern(parseFormula(formula));
      this.#known.set(formula, pattern);
    }
    return pattern;
  }

  async findAll(records: readonly LogicRecord[]): Promise<string[]> {
    const found: string[] = [];
    for (const record of records) found.push(await this.find(record));
    return found;
  }
}

/** Those for which something holds, and the others, in their order. */
async function splitRecords(
  records: readonly LogicRecord[],
  holds: (record: LogicRecord) => Promise<boolean>,
): Promise<[LogicRecord[], LogicRecord[]]> {
  const parts: [LogicRecord[], LogicRecord[]] = [[], []];
  for (const record of records) parts[(await holds(record)) ? 0 : 1].push(record);
  return parts;
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
