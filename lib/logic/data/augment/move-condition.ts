import { renameAtoms } from '../../formula/atoms.js';
import type { Formula } from '../../formula/formula.js';
import { parseFormula } from '../../formula/parse-formula.js';
import type { LogicRecord, RecordAtom } from '../records/record.js';
import { nameLetter } from '../clean/atom-letters.js';
import { deriveRecord, lowerStart } from './derive-record.js';

const FRONT = /^Si ([^,;.]+), (?:entonces )?([^,;.]+)\.$/u;
const BEHIND = /^([^,;.]+?) si ([^,;.]+)\.$/u;

/**
 * Turns «Si P, Q» into «Q si P», and back, where both are single clauses, so that nothing else can be meant. Letters follow
 * the new order of mention.
 *
 * @param record - whose only connectives are → and ¬
 * @returns the record of the other order; undefined for other sentences
 */
export function moveCondition(record: LogicRecord): LogicRecord | undefined {
  const formula = parseFormula(record.formula);
  if (formula.kind !== 'implies' || !isLiteral(formula.left) || !isLiteral(formula.right)) return undefined;
  const cues = record.connectors.filter(({ symbol }) => symbol === '→').map(({ cue }) => cue);
  if (cues.length !== 1 || !/^si(?:…entonces)?$/.test(cues[0]!) || record.atoms.length !== 2) return undefined;
  const input = rewriteInput(record);
  if (input === undefined) return undefined;
  const atoms = [record.atoms[1]!, record.atoms[0]!].map(({ gloss }, place) => ({ letter: nameLetter(place), gloss }));
  return deriveRecord([record], {
    input,
    atoms,
    connectors: record.connectors.map(({ symbol, cue }) => ({ symbol, cue: symbol === '→' ? 'si' : cue })),
    reasoning: [],
    surface: record.surface,
    formula: renameAtoms(formula, swapLetters(record.atoms)),
    transform: 'move-condition',
  });
}

function rewriteInput({ input, atoms }: LogicRecord): string | undefined {
  const [, condition, result] = FRONT.exec(input) ?? [];
  if (result !== undefined) return `${result.charAt(0).toUpperCase()}${result.slice(1)} si ${condition}.`;
  const [, before, after] = BEHIND.exec(input) ?? [];
  const glosses = atoms.map(({ gloss }) => gloss);
  return before === undefined ? undefined : `Si ${after}, ${lowerStart(before, glosses)}.`;
}

function swapLetters([first, second]: readonly RecordAtom[]): Map<string, string> {
  return new Map([
    [first!.letter, second!.letter],
    [second!.letter, first!.letter],
  ]);
}

function isLiteral(formula: Formula): boolean {
  return formula.kind === 'atom' || (formula.kind === 'not' && formula.operand.kind === 'atom');
}
