import type { Random } from '../../../core/index.js';
import { renameAtoms } from '../../formula/atoms.js';
import { combine } from '../../formula/formula.js';
import type { BinaryKind } from '../../formula/formula.js';
import { parseFormula } from '../../formula/parse-formula.js';
import { nameLetter } from '../clean/atom-letters.js';
import type { LogicRecord } from '../records/record.js';
import { deriveRecord, lowerStart } from './derive-record.js';

/** The most atoms of a part. */
const MOST_ATOMS = 3;

/** How two sentences become one. */
interface Frame {
  kind: BinaryKind;
  symbol: '∧' | '∨' | '→';
  cue: string;
  write: (first: string, second: string) => string;
  /** Whether the first part may stand there and keep its scope. */
  takes: (record: LogicRecord) => boolean;
}

const frames: readonly Frame[] = [
  {
    ...{ kind: 'and', symbol: '∧', cue: 'además' },
    write: (first, second) => `${first}; además, ${second}.`,
    takes: () => true,
  },
  {
    ...{ kind: 'or', symbol: '∨', cue: 'o bien…o bien' },
    write: (first, second) => `O bien ${first}; o bien ${second}.`,
    takes: () => true,
  },
  {
    ...{ kind: 'implies', symbol: '→', cue: 'si ocurre que…entonces' },
    write: (first, second) => `Si ocurre que ${first}, entonces ${second}.`,
    takes: ({ input, formula }) => !/[,→↔]/.test(input + formula),
  },
];

/**
 * Joins pairs of records of other sources into one sentence each. The second one's letters follow the first one's, so
 * that no two propositions become one.
 *
 * @param records - to draw from
 * @param count - the most that are made
 * @param random - draws pairs and connectives
 * @returns the new records
 */
export function composeRecords(records: readonly LogicRecord[], count: number, random: Random): LogicRecord[] {
  const order = random.shuffle(records.filter(canJoin));
  const made: LogicRecord[] = [];
  for (let place = 0; place + 1 < order.length && made.length < count; place += 2) {
    const [first, second] = [order[place]!, order[place + 1]!];
    const fitting = frames.filter(({ takes }) => takes(first));
    if (first.sourceId === second.sourceId || hasSharedGloss(first, second)) continue;
    made.push(join(first, second, fitting[random.integer(fitting.length)]!));
  }
  return made;
}

/** A part is one sentence of few atoms. */
function canJoin({ input, atoms }: LogicRecord): boolean {
  return atoms.length <= MOST_ATOMS && /^\p{Lu}[^.;:?!]*\.$/u.test(input);
}

function hasSharedGloss(first: LogicRecord, second: LogicRecord): boolean {
  const glosses = new Set(first.atoms.map(({ gloss }) => gloss.toLowerCase()));
  return second.atoms.some(({ gloss }) => glosses.has(gloss.toLowerCase()));
}

function join(first: LogicRecord, second: LogicRecord, { kind, symbol, cue, write }: Frame): LogicRecord {
  const shifted = second.atoms.map(({ gloss }, place) => ({ letter: nameLetter(first.atoms.length + place), gloss }));
  const names = new Map(second.atoms.map(({ letter }, place) => [letter, shifted[place]!.letter]));
  const right = renameAtoms(parseFormula(second.formula), names);
  const text = write(say(first), say(second));
  return deriveRecord([first, second], {
    input: text.charAt(0).toUpperCase() + text.slice(1),
    atoms: [...first.atoms, ...shifted],
    connectors: [
      { symbol, cue },
      ...[...first.connectors, ...second.connectors].map((one) => ({ symbol: one.symbol, cue: one.cue })),
    ],
    reasoning: [],
    surface: ['composition', ...first.surface, ...second.surface],
    formula: combine(kind, parseFormula(first.formula), right),
    transform: `compose-${kind}`,
  });
}

/** A sentence without stop and capital. */
function say({ input, atoms }: LogicRecord): string {
  const glosses = atoms.map(({ gloss }) => gloss);
  return lowerStart(input.slice(0, -1), glosses);
}
