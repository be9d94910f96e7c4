import { hashToUnit } from '../data/hold-out.js';
import type { PlacedLogicExample } from '../data/example.js';
import { encodeTaught } from '../objective/encode-taught.js';
import { encodeLogicRecord } from '../sequence/encode-record.js';
import type { LogicMode } from '../sequence/encode-record.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import type { LogicSettings } from '../train/options.js';
import type { WriteExample } from '../train/prepare-data.js';

/** A training that begins with the weights of the one before, and with an optimizer that remembers nothing. */
export interface LogicPhase {
  /** Names its folder. */
  name: string;
  /** Sentences that are left out of the front of the reasoning; all of them: the section itself. */
  skipped: number;
  /** The share of the examples whose connectors are left out. */
  pruned: number;
  /** Its learning rate and its updates, as shares of those of the first phase. */
  rate: number;
  share: number;
  /** The weight of what the first phase says of formulas, having read the reasoning. */
  teacher: number;
  /** True where it is dropped, and the one before kept, when it formalises worse by more than a point. */
  guarded: boolean;
}

/** Of the first phase: rate and updates of the phases that go on from it. */
const [LATER_RATE, DISTILLED, STAGE] = [0.3, 1 / 3, 1 / 6];
/** The shares of examples that lose their connectors, stage by stage. */
const PRUNED = [0.5, 1] as const;

const first: LogicPhase = {
  ...{ name: 'thought', skipped: 0, pruned: 0, rate: 1, share: 1, teacher: 0, guarded: false },
};

/**
 * The phases of a training. A distillation learns with the reasoning, then without; a pruning shortens the reasoning by its
 * first sentence, stage by stage, until none is left, then leaves out connectors. Atoms stay: they tell what letters mean.
 *
 * @param settings - which of them
 * @param thoughts - sentences of the longest reasoning
 * @returns phases in their order
 */
export function planPhases(
  { phases, teacher }: Pick<LogicSettings, 'phases' | 'teacher'>,
  thoughts: number,
): LogicPhase[] {
  if (phases === 'distill') {
    return [first, { ...first, name: 'direct', skipped: Infinity, rate: LATER_RATE, share: DISTILLED, teacher }];
  }
  const later = { ...first, rate: LATER_RATE, share: STAGE, guarded: true };
  const shorter = Array.from({ length: thoughts }, (_, i) => ({ ...later, name: `shorter-${i + 1}`, skipped: i + 1 }));
  const pruned = PRUNED.map((share) => {
    return { ...later, name: `connectors-${100 * share}`, skipped: Infinity, pruned: share };
  });
  return [first, ...shorter, ...pruned];
}

/**
 * What a phase learns of an example.
 *
 * @param phase - of {@link planPhases}
 * @param vocabulary - of the model
 * @returns a function that writes an example
 */
export function createWriter({ skipped, pruned, teacher }: LogicPhase, vocabulary: LogicVocabulary): WriteExample {
  return (example) => {
    if (teacher > 0) return encodeTaught(example, vocabulary);
    const reasoning = example.reasoning.slice(skipped);
    return encodeLogicRecord({ ...example, reasoning }, vocabulary, { mode: chooseMode(example, reasoning, pruned) });
  };
}

/** An example that has lost its connectors does not get them back in a later stage. */
function chooseMode({ input }: PlacedLogicExample, reasoning: readonly string[], pruned: number): LogicMode {
  if (reasoning.length > 0) return 'full';
  return hashToUnit(input) < pruned ? 'noConnectors' : 'noThought';
}
