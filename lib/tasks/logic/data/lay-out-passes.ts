import { Random, raise, show } from '../../../core/index.js';
import { complexityLevels } from '../../../logic/index.js';
import type { ComplexityLevel } from '../../../logic/index.js';

/** A stage of a curriculum: from a pass on, examples up to a level. */
export interface LogicStage {
  /** The first pass, from 0. */
  from: number;
  /** The hardest level. */
  level: ComplexityLevel;
}

/** How examples are given out. */
export interface LogicPasses {
  /** Passes over the examples, above 0. */
  epochs: number;
  /** Stages in rising order, the first from pass 0; undefined for all levels from the start. */
  curriculum?: readonly LogicStage[] | undefined;
  /** The chance of a harder example to come before its stage, from 0 to 1. */
  harder: number;
  /** Draws the orders. */
  seed: number;
}

/**
 * Reads a curriculum: `0:0,5:1,15:2` begins with level 0 (simple), adds level 1 in pass 5 and level 2 in pass 15.
 *
 * @param text - passes and levels
 * @returns the stages
 * @throws ArgumentError for another form, and for stages that do not rise
 */
export function parseCurriculum(text: string): LogicStage[] {
  const stages = text.split(',').map((part) => {
    const [, from, level] = /^\s*(\d+):([0-2])\s*$/.exec(part) ?? refuseCurriculum(text);
    return { from: Number(from), level: complexityLevels[Number(level)]! };
  });
  const rises = stages.every(({ from }, i) => (i === 0 ? from === 0 : from > stages[i - 1]!.from));
  return rises ? stages : refuseCurriculum(text);
}

/**
 * The examples of each pass, in an order of its own, which depends on the seed and the number of the pass alone.
 *
 * @param levels - of all examples
 * @param options - passes and stages
 * @returns numbers of examples by pass; at least one in each
 */
export function layOutLogicPasses(
  levels: readonly ComplexityLevel[],
  { epochs, curriculum, harder, seed }: LogicPasses,
): number[][] {
  const ranks = levels.map((level) => complexityLevels.indexOf(level));
  const all = ranks.map((_, place) => place);
  return Array.from({ length: epochs }, (_, pass) => {
    const random = new Random(seed).split('pass', pass);
    const hardest = findHardest(curriculum, pass);
    const chosen = all.filter((place) => ranks[place]! <= hardest || random.float() < harder);
    const given = chosen.length > 0 ? chosen : all;
    return Array.from(random.permutation(given.length), (place) => given[place]!);
  });
}

function findHardest(curriculum: readonly LogicStage[] | undefined, pass: number): number {
  const stage = curriculum?.findLast(({ from }) => from <= pass);
  return stage === undefined ? complexityLevels.length - 1 : complexityLevels.indexOf(stage.level);
}

function refuseCurriculum(text: string): never {
  return raise('PAL_ARGUMENT', {
    where: 'parseCurriculum',
    expected: 'pass:level pairs with rising passes from 0 and levels 0 to 2, as 0:0,5:1,15:2',
    received: show(text),
  });
}
