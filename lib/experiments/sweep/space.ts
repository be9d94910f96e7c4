import { deferSchema } from '../../core/index.js';
import type { Random, Zod } from '../../core/index.js';
import type { z } from 'zod';

const createRange = <Name extends string>(z: Zod, name: Name, number: z.ZodNumber, doc: string) =>
  z
    .strictObject({
      distribution: z.literal(name).describe(doc),
      min: number.describe('The least value.'),
      max: number.describe('The greatest value.'),
      step: number.gt(0).exactOptional().describe('Values are min and multiples of the step above it.'),
    })
    .refine(({ min, max }) => min <= max, { message: 'expected min at most max', path: ['min'] });

/** The values that one setting may take. */
export const parameterSchema = deferSchema((z) =>
  z.discriminatedUnion('distribution', [
    z.strictObject({
      distribution: z.literal('values').optional().describe('One of a list.'),
      values: z.array(z.json()).min(1).describe('The values themselves.'),
    }),
    createRange(z, 'uniform', z.number(), 'Every value is as likely.'),
    createRange(z, 'log_uniform', z.number().gt(0), 'Every factor is as likely.'),
    createRange(z, 'int_uniform', z.int(), 'Every integer is as likely.'),
    createRange(z, 'int_log_uniform', z.int().min(1), 'Integers, every factor as likely.'),
    z.strictObject({
      distribution: z.literal('normal').describe('Around a mean.'),
      mean: z.number(),
      standardDeviation: z.number().gt(0),
    }),
  ]),
);

/** The values that one setting may take, by its path as `trainer.optimizer.learningRate`. */
export type Parameters = Readonly<Record<string, z.output<typeof parameterSchema>>>;
type Parameter = Parameters[string];
type Range = Exclude<Parameter, { values: unknown } | { distribution: 'normal' }>;

/** One place of the search space: a value for each path. */
export type Point = Readonly<Record<string, unknown>>;

/**
 * How many points a space has.
 * @param parameters - the values by path
 * @returns a positive integer; Infinity where a value is continuous
 */
export function countPoints(parameters: Parameters): number {
  return Object.values(parameters).reduce((count, parameter) => count * countValues(parameter), 1);
}

/**
 * Every point of a grid, the last path running fastest.
 * @param parameters - lists of values by path
 * @returns as many points as the product of the lists' lengths
 */
export function listGrid(parameters: Readonly<Record<string, { values: readonly unknown[] }>>): Point[] {
  return Object.entries(parameters).reduce<Point[]>(
    (points, [path, { values }]) => points.flatMap((point) => values.map((value) => ({ ...point, [path]: value }))),
    [{}],
  );
}

/**
 * Draws a point.
 * @param parameters - the values by path
 * @param random - of this point; each path has a stream of its own, so that one more path leaves the others as they are
 * @returns a value for each path
 */
export function drawPoint(parameters: Parameters, random: Random): Point {
  const values = Object.entries(parameters).map(([path, parameter]) => [
    path,
    drawValue(parameter, random.split(path)),
  ]);
  return Object.fromEntries(values) as Point;
}

function drawValue(parameter: Parameter, random: Random): unknown {
  if ('values' in parameter) return parameter.values[random.integer(parameter.values.length)];
  if (parameter.distribution === 'normal') return drawNormal(parameter, random);
  return roundToStep(parameter, drawBetween(parameter, random.float()));
}

/** The value below which a share of the range lies. */
function drawBetween({ distribution, min, max }: Range, share: number): number {
  switch (distribution) {
    case 'uniform':
      return min + share * (max - min);
    case 'log_uniform':
      return Math.min(max, min * (max / min) ** share);
    case 'int_uniform':
      return Math.min(max, min + Math.floor(share * (max - min + 1)));
    case 'int_log_uniform':
      // From half below the least to half above the greatest, so that the ends are no rarer than their neighbours.
      return Math.min(max, Math.max(min, Math.round((min - 0.5) * ((max + 0.5) / (min - 0.5)) ** share)));
  }
}

function roundToStep({ min, max, step }: Range, value: number): number {
  if (step === undefined) return value;
  const last = Math.floor((max - min) / step + 1e-9);
  return Number((min + Math.min(last, Math.round((value - min) / step)) * step).toPrecision(15));
}

/** A normal value out of two even ones. @see Box and Muller 1958, "A note on the generation of random normal deviates" */
function drawNormal({ mean, standardDeviation }: { mean: number; standardDeviation: number }, random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.float()));
  return mean + standardDeviation * radius * Math.cos(2 * Math.PI * random.float());
}

function countValues(parameter: Parameter): number {
  if ('values' in parameter) return new Set(parameter.values.map((value) => JSON.stringify(value))).size;
  if (parameter.distribution === 'normal') return Infinity;
  const { min, max, step, distribution } = parameter;
  const unit = step ?? (distribution.startsWith('int') ? 1 : 0);
  if (min === max) return 1;
  return unit === 0 ? Infinity : Math.floor((max - min) / unit + 1e-9) + 1;
}
