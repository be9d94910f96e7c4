import type { RecordConnector } from '../../../lib/logic/index.js';
import type { KnownClause, Mood } from '../../../lib/logic/grammar/reading/tokenize-sentence.js';

const MOODS: Readonly<Record<string, Mood>> = {
  '': 'indicative',
  s: 'subjunctive',
  i: 'infinitive',
  c: 'command',
  np: 'np',
  vp: 'vp',
  t: 'tail',
};

const LETTERS = 'pqrstuvw';
const NEGATIVE = /(?<!\p{L})(?:no|nunca|jamás|nadie|nada|ning[uú]n[oa]?|tampoco)(?!\p{L})/iu;
const MARK =
  /\[(?<letter>[p-w]?)(?:\.(?<mood>[a-z]+))?(?<denial>[-~]?)(?<joined>\d?):(?<clause>[^\]]*)\]|\{(?<symbols>[¬∧∨→↔]+)(?<group>\d?):(?<cue>[^}]*)\}/gu;

/** A sentence of the hand-written sets, without its marks. */
export interface MarkedSentence {
  input: string;
  /** What the grammar's reader needs to know of it. */
  clauses: KnownClause[];
  /** The letters, in the order in which clauses first name them. */
  letters: string[];
  connectors: RecordConnector[];
}

interface Entry {
  symbols: Set<string>;
  group: string;
  cues: { text: string; start: number }[];
}

/**
 * Reads the marks of a sentence. `[p:clause]` is a clause of the atom p; a mood follows a dot (s subjunctive, i infinitive,
 * c command, np a subject, vp the verb of two, t the end of a clause), then `-` if the clause denies its atom, or `~` if it
 * does so by «tampoco»; a figure behind it makes the negation part of a connective, as in «no … sin que». `{→:si}` are the
 * words of a connective, or of several; a figure joins words that stand apart.
 */
export function readMarked(marked: string): MarkedSentence {
  const clauses: KnownClause[] = [];
  const entries: Entry[] = [];
  let [input, end] = ['', 0];
  for (const match of marked.matchAll(MARK)) {
    input += marked.slice(end, match.index);
    end = match.index + match[0].length;
    const { letter, mood = '', denial, joined, clause, symbols, group, cue } = match.groups!;
    if (clause === undefined) addCue(entries, symbols!, group!, { text: cue!, start: input.length });
    else {
      clauses.push(makeClause(letter!, mood, denial!, clause));
      if (denial !== '') addCue(entries, joined === '' ? '¬' : '', joined!, findNegation(clause, input.length));
    }
    input += clause ?? cue;
  }
  const letters = [...new Set(clauses.flatMap(({ atom }) => (atom < 0 ? [] : [LETTERS[atom]!])))];
  return { input: input + marked.slice(end), clauses, letters, connectors: entries.flatMap(makeConnectors) };
}

function makeClause(letter: string, mood: string, denial: string, text: string): KnownClause {
  const negation = denial === '-' ? 'no' : denial === '~' ? 'tampoco' : '';
  return { text, atom: letter === '' ? -1 : LETTERS.indexOf(letter), negation, moods: [MOODS[mood]!] };
}

function findNegation(clause: string, start: number): Entry['cues'][number] {
  const found = NEGATIVE.exec(clause);
  if (found === null) throw new Error(`«${clause}» is marked as negative and has no word that says so`);
  return { text: found[0], start: start + found.index };
}

function addCue(entries: Entry[], symbols: string, group: string, cue: Entry['cues'][number]): void {
  const known = group === '' ? undefined : entries.find((entry) => entry.group === group);
  if (known === undefined) entries.push({ symbols: new Set(symbols), group, cues: [cue] });
  else {
    for (const symbol of symbols) known.symbols.add(symbol);
    known.cues.push(cue);
  }
}

function makeConnectors({ symbols, cues }: Entry): RecordConnector[] {
  const cue = cues.map(({ text }) => text.toLowerCase()).join('…');
  const { text, start } = cues[0]!;
  return [...symbols].map((symbol) => ({
    symbol: symbol as RecordConnector['symbol'],
    cue,
    span: [start, start + text.length],
  }));
}
