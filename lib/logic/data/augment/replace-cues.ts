import { parseFormula } from '../../formula/parse-formula.js';
import type { LogicRecord, RecordConnector } from '../records/record.js';
import { deriveRecord } from './derive-record.js';

/** Words of one construction: they ask for the same mood and mean the same in any sentence. */
const sets: readonly (readonly string[])[] = [
  ['a menos que', 'salvo que', 'a no ser que', 'excepto que'],
  ['siempre y cuando', 'con tal de que', 'a condición de que'],
  ['pese a que', 'a pesar de que'],
  ['sin embargo', 'no obstante'],
  ['solo si', 'solamente si', 'únicamente si'],
  ['si y solo si', 'si y solamente si', 'si y únicamente si'],
  ['no es cierto que', 'no es verdad que', 'no se da el caso de que'],
  ['salvo si', 'excepto si'],
];

/** Words and where they stand. */
interface PlacedCue {
  cue: string;
  span: readonly [start: number, end: number];
}

/**
 * Says one connective of a sentence in the other words of its construction; the formula stays.
 *
 * @param record - with places of its connectors
 * @returns a record for each other wording of each connective
 */
export function replaceCues(record: LogicRecord): LogicRecord[] {
  const starts = new Set<number>();
  return record.connectors.flatMap((connector) => {
    const { cue, span } = connector;
    if (span === undefined || starts.has(span[0])) return [];
    if (record.input.slice(...span).toLowerCase() !== cue) return [];
    starts.add(span[0]);
    const others = sets.find((set) => set.includes(cue))?.filter((other) => other !== cue) ?? [];
    return others.map((other) => replaceCue(record, { cue, span }, other));
  });
}

function replaceCue(record: LogicRecord, { cue, span }: PlacedCue, to: string): LogicRecord {
  const [start, end] = span;
  const { input, atoms, reasoning, surface } = record;
  const words = start === 0 ? to.charAt(0).toUpperCase() + to.slice(1) : to;
  const shift = words.length - (end - start);
  const connectors = record.connectors.map((one): RecordConnector => {
    if (one.span === undefined) return one;
    if (one.span[0] === start) return { ...one, cue: to, span: [start, start + words.length] };
    return one.span[0] > start ? { ...one, span: [one.span[0] + shift, one.span[1] + shift] } : one;
  });
  return deriveRecord([record], {
    input: input.slice(0, start) + words + input.slice(end),
    ...{ atoms, connectors, surface },
    reasoning: reasoning.map((step) => step.replaceAll(`«${cue}»`, `«${to}»`)),
    formula: parseFormula(record.formula),
    transform: 'replace-cue',
  });
}
