import type { z } from 'zod';
import { deferSchema, raise, show } from '../core/index.js';
import type { Zod } from '../core/index.js';
import { matchName, selectParameters } from '../nn/index.js';
import type { NamedTensors } from '../nn/index.js';
import type { ParameterGroup } from './interface/parameter-group.js';

const createPattern = (z: Zod) => z.string().min(1);

/** Settings of some parameters of a model, as plain data. */
export const parameterGroupConfigSchema = deferSchema((z) =>
  z.strictObject({
    match: z
      .union([createPattern(z), z.array(createPattern(z)).min(1)])
      .describe('Names of parameters or modules; * stands for any text.'),
    learningRateScale: z.number().min(0).exactOptional().describe('Factor on the learning rate. Default: 1.'),
    weightDecay: z.number().min(0).exactOptional().describe('Weight decay. Default: as without the entry.'),
  }),
);

/** Settings of the parameters that patterns name. */
export type ParameterGroupConfig = z.output<typeof parameterGroupConfigSchema>;

/**
 * Divides the groups of an optimizer by settings for some parameters; where several entries name one, the first counts.
 * @param groups - as `createDecayGroups` and `createMuonGroups` make them
 * @param entries - names and what holds for them: a factor on the learning rate, a weight decay
 * @param where - the public function, for errors
 * @returns groups of the same parameters, none of them empty
 * @throws ConfigError for an entry that no trainable parameter is left for
 */
export function divideGroups(
  groups: readonly ParameterGroup[],
  entries: readonly ParameterGroupConfig[],
  where: string,
): ParameterGroup[] {
  const names = groups.flatMap(({ parameters }) => Object.entries(parameters));
  expectActing(Object.fromEntries(names), entries, where);
  return groups.flatMap((group) => divideGroup(group, entries));
}

/** The parts of one group: those that each entry names, then the others. */
function divideGroup(group: ParameterGroup, entries: readonly ParameterGroupConfig[]): ParameterGroup[] {
  const named = Object.entries(group.parameters);
  const chosen = named.map(([name]) => findEntry(entries, name));
  return [...entries, undefined].flatMap((entry) => {
    const parameters = Object.fromEntries(named.filter((_, i) => chosen[i] === entry));
    return Object.keys(parameters).length === 0 ? [] : [{ ...group, ...resolveGroup(group, entry), parameters }];
  });
}

function resolveGroup(
  { learningRateScale = 1 }: ParameterGroup,
  entry: ParameterGroupConfig | undefined,
): Omit<ParameterGroup, 'parameters'> {
  if (entry === undefined) return {};
  const { learningRateScale: scale = 1, weightDecay } = entry;
  return { learningRateScale: learningRateScale * scale, ...(weightDecay !== undefined && { weightDecay }) };
}

function findEntry(entries: readonly ParameterGroupConfig[], name: string): ParameterGroupConfig | undefined {
  return entries.find((entry) => listPatterns(entry).some((pattern) => matchName(pattern, name)));
}

/** Requires that each pattern names a trainable parameter, and that each entry is the first that names some. */
function expectActing(parameters: NamedTensors, entries: readonly ParameterGroupConfig[], where: string): void {
  for (const [i, entry] of entries.entries()) {
    selectParameters(parameters, listPatterns(entry), { where, setting: `parameterGroups[${i}].match` });
  }
  const chosen = new Set(Object.keys(parameters).map((name) => findEntry(entries, name)));
  const idle = entries.findIndex((entry) => !chosen.has(entry));
  if (idle === -1) return;
  raise('PAL_CONFIG', {
    where,
    expected: 'parameterGroups that each name parameters of their own',
    received: `parameterGroups[${idle}], ${show(entries[idle]!.match)}, whose parameters are all named before`,
    fix: 'The first entry that names a parameter counts: put narrower patterns first.',
  });
}

function listPatterns({ match }: ParameterGroupConfig): readonly string[] {
  return typeof match === 'string' ? [match] : match;
}
