import type { z } from 'zod';
import { deferSchema, overlaySettings, parseConfig, raise, show } from '../../core/index.js';
import type { PlainSettings, Zod } from '../../core/index.js';

/** Names that folders may have. */
const NAME = /^[\w][\w.+-]*$/;

/** Seeds below which a study says too little. */
const FEWEST_SEEDS = 5;

const createOverrides = (z: Zod, doc: string) => z.record(z.string(), z.record(z.string(), z.unknown())).describe(doc);

const createSeeds = (z: Zod) =>
  z
    .array(z.int().min(0))
    .min(FEWEST_SEEDS)
    .refine((seeds) => new Set(seeds).size === seeds.length, 'expected different seeds');

/** The content of a `study.yaml`. */
export const studyConfigSchema = deferSchema((z) =>
  z.strictObject({
    name: z.string().regex(NAME, 'expected letters, digits, and . + - _').default('study'),
    base: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe('A configuration of `palabra train`: its file, or the settings themselves.'),
    data: z.array(z.string().min(1)).min(1).describe('Text files or patterns, or one prepared folder.'),
    arms: createOverrides(z, 'Settings over the base, by the name of the arm; {} is the base itself.').default({}),
    components: createOverrides(
      z,
      'Settings by the name of a component, of which arms are made: full, without-NAME, and only-NAME over the baseline.',
    ).default({}),
    baseline: z.string().min(1).describe('The arm that all others are compared with.'),
    seeds: createSeeds(z).describe(`Every arm is trained with each of them; at least ${FEWEST_SEEDS}.`),
    tokens: z.int().min(1).describe('Training tokens of each run.'),
    primary: z
      .string()
      .regex(/^(?:test|validation)\/./, 'expected a figure of test or validation, as test/nllPerByte')
      .default('test/nllPerByte')
      .describe('The figure that decides.'),
    goal: z
      .enum(['minimize', 'maximize'])
      .default('minimize')
      .transform((goal) => (goal === 'minimize' ? ('lowest' as const) : ('highest' as const))),
    alpha: z.number().gt(0).lt(0.5).default(0.05).describe('The level of all arms together.'),
    margin: z
      .number()
      .gt(0)
      .exactOptional()
      .describe('A difference of the primary figure that does not matter: within it arms count as equivalent.'),
    match: z
      .enum(['none', 'parameters'])
      .default('none')
      .describe('Whether arms must have as many parameters, to 2 %.'),
    unmatched: z
      .array(z.string().min(1))
      .default([])
      .describe('Arms that need not match, as a smaller one that tells what size alone gives.'),
    contribution: z
      .string()
      .default('train/contribution')
      .describe('The figure that tells how much the mechanism adds, as |g·r| / |x|; an arm below 1 % is inactive.'),
  }),
);

/** A study, its defaults filled in. */
export type StudyConfig = z.output<typeof studyConfigSchema>;

/** Arms by name: settings over the base. */
export type Arms = Readonly<Record<string, PlainSettings>>;

/**
 * Checks the content of a `study.yaml`.
 * @param value - plain data
 * @returns it with its defaults
 * @throws ConfigError naming everything that does not fit
 */
export function parseStudy(value: unknown): StudyConfig {
  const config = parseConfig('study', studyConfigSchema, value);
  const names = Object.keys(listArms(config));
  const odd = names.find((name) => !NAME.test(name));
  if (odd !== undefined) {
    raise('PAL_CONFIG', {
      where: 'study',
      expected: 'arms named by letters, digits, and . + - _',
      received: show(odd),
    });
  }
  const unknown = config.unmatched.find((arm) => !names.includes(arm));
  if (unknown !== undefined) {
    raise('PAL_CONFIG', {
      where: 'study',
      expected: `unmatched arms among ${names.join(', ')}`,
      received: show(unknown),
    });
  }
  if (names.includes(config.baseline) && names.length >= 2) return config;
  return raise('PAL_CONFIG', {
    where: 'study',
    expected: names.length < 2 ? 'at least two arms' : `baseline to be one of ${names.join(', ')}`,
    received: names.length < 2 ? show(names.length) : show(config.baseline),
  });
}

/**
 * The arms of a study: those that are named, and those that its components make. Where no arm has the name of the
 * baseline, it is the base itself.
 * @param config - of the study
 * @returns settings over the base, by name, the baseline first
 */
export function listArms(config: Pick<StudyConfig, 'arms' | 'components' | 'baseline'>): Arms {
  const { arms, components, baseline } = config;
  const names = Object.keys(components);
  const below = arms[baseline] ?? {};
  const combine = (parts: readonly string[]): PlainSettings =>
    parts.reduce<PlainSettings>((settings, part) => overlaySettings(settings, components[part]!), below);
  const without = names.map((name) => [`without-${name}`, combine(names.filter((other) => other !== name))] as const);
  const only = names.map((name) => [`only-${name}`, combine([name])] as const);
  // With one component, all but it is the baseline, and it alone is the whole.
  const made =
    names.length === 0 ? [] : [['full', combine(names)] as const, ...(names.length > 1 ? [...without, ...only] : [])];
  const first = arms[baseline] === undefined && names.length === 0 ? {} : { [baseline]: below };
  return { ...first, ...arms, ...Object.fromEntries(made) };
}
