import type { ScoreCategory } from './category.js';
import type { Finding, LogicReport } from './report.js';

/** What is read of a report. */
export type DiagnosedReport = Omit<LogicReport, 'diagnosis'>;

/** A score below is the main weakness, the first of the list that applies. */
const LOW = 0.8;
/** Semantic accuracy of advanced sentences, and of those of a connective, below which they are named. */
const [LOW_ADVANCED, LOW_CONNECTIVE] = [0.5, 0.7];
/** The fall of semantic accuracy from the fewest atoms to the most that is named. */
const LARGE_FALL = 0.3;
/** Times from which on a confusion is named. */
const OFTEN = 3;

/**
 * Says in words what a report shows.
 *
 * @param report - all figures
 * @param nearMisses - predictions that aren't equivalent and have a partial credit above 0.7
 * @returns findings, the main weakness first; none where nothing is amiss
 */
export function diagnoseReport(report: DiagnosedReport, nearMisses: number): Finding[] {
  return [
    ...findWeakness(report.global),
    ...(nearMisses > 0 ? [{ about: 'near-misses' as const, text: describeNearMisses(nearMisses) }] : []),
    ...findWeakGroups(report),
    ...findFall(report.by_n_atoms),
    ...report.top_confusions
      .filter(({ count }) => count >= OFTEN)
      .map(({ reference, predicted, count }) => ({
        about: 'confusion' as const,
        text: `${reference} is written as ${predicted} ${count} times.`,
      })),
    ...compareWithNearest(report),
  ];
}

function describeNearMisses(count: number): string {
  return `${count} ${count === 1 ? 'formula is a near miss' : 'formulas are near misses'}: not equivalent, yet over 0.7 of partial credit.`;
}

function findWeakness(global: ScoreCategory): Finding[] {
  const {
    syntax_valid_rate: syntax,
    atom_f1: atoms,
    connector_accuracy: connectors,
    semantic_accuracy: semantic,
  } = global;
  const weaknesses: [Finding['about'], number | null, string][] = [
    ['syntax', syntax, 'Outputs are often no formula'],
    ['atoms', atoms, 'Atoms are missed or made up'],
    ['connectors', connectors, 'Connectives are missed or made up'],
    ['semantics', semantic, 'Atoms and connectives are found, but put together in another way'],
  ];
  const first = weaknesses.find(([, score]) => score !== null && score < LOW);
  return first === undefined ? [] : [{ about: first[0], text: `${first[2]} (${first[1]!.toFixed(3)}).` }];
}

function findWeakGroups({ by_complexity, by_connector }: DiagnosedReport): Finding[] {
  const isBelow = ({ semantic_accuracy }: ScoreCategory, bound: number): boolean =>
    semantic_accuracy !== null && semantic_accuracy < bound;
  const advanced = by_complexity.filter((group) => group.name === 'advanced' && isBelow(group, LOW_ADVANCED));
  const connectives = by_connector.filter((group) => group.name !== 'atom' && isBelow(group, LOW_CONNECTIVE));
  const describe = ({ semantic_accuracy, total }: ScoreCategory): string =>
    `${semantic_accuracy!.toFixed(3)} of ${total} are equivalent.`;
  return [
    ...advanced.map((group): Finding => ({ about: 'advanced', text: `Advanced sentences: ${describe(group)}` })),
    ...connectives.map((group): Finding => ({
      about: 'connective',
      text: `Formulas with ${group.name} outermost: ${describe(group)}`,
    })),
  ];
}

function findFall(groups: readonly ScoreCategory[]): Finding[] {
  const [fewest, most] = [groups[0]?.semantic_accuracy ?? 0, groups.at(-1)?.semantic_accuracy ?? 0];
  // Of four digits a fall of just 0.3 may come out as a trifle more.
  if (fewest - most <= LARGE_FALL + 1e-9) return [];
  const fall = `from ${fewest.toFixed(3)} with ${groups[0]!.name} to ${most.toFixed(3)} with ${groups.at(-1)!.name}`;
  return [{ about: 'atom-count', text: `Equivalence falls with the number of atoms, ${fall}.` }];
}

function compareWithNearest({ baselines }: DiagnosedReport): Finding[] {
  const difference = baselines.nearest_sentence?.difference;
  if (difference === undefined || difference === null || difference.interval[0] > 0) return [];
  const { estimate, interval } = difference;
  const figures = `${estimate.toFixed(3)}, from ${interval[0].toFixed(3)} to ${interval[1].toFixed(3)}`;
  return [{ about: 'baseline', text: `Not shown to be better than copies of the nearest sentence (${figures}).` }];
}
