import { raise, show, suggest } from '../core/index.js';
import type { NamedTensors } from './module.js';

/** Where a pattern stands, for the error when it names nothing. */
export interface PatternPlace {
  /** The public function, as `Trainer`. */
  where: string;
  /** The setting, as `freeze`. */
  setting: string;
}

/**
 * Tells whether a pattern names a parameter: by its dotted name, or by that of a module around it.
 * @param pattern - a name in which `*` stands for any text, dots too: `embedding`, `blocks.0`, `blocks.*Norm`
 * @param name - of a parameter, as `blocks.0.norm.weight`
 * @returns true where it does
 */
export function matchName(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'));
  return new RegExp(`^(?:${parts.join('.*')})(?:\\..*)?$`, 'su').test(name);
}

/**
 * The parameters that patterns name.
 * @param parameters - as `model.namedParameters()` gives them
 * @param patterns - as for {@link matchName}
 * @param place - where the patterns stand
 * @returns those that at least one pattern names, in their order
 * @throws ConfigError naming the patterns that name none of them, and what there is
 */
export function selectParameters(
  parameters: NamedTensors,
  patterns: readonly string[],
  { where, setting }: PatternPlace,
): NamedTensors {
  const names = Object.keys(parameters);
  const idle = patterns.filter((pattern) => !names.some((name) => matchName(pattern, name)));
  if (idle.length > 0) {
    raise('PAL_CONFIG', {
      where,
      expected: `patterns in ${setting} that name parameters`,
      received: `${idle.map((pattern) => show(pattern)).join(', ')}, which ${idle.length === 1 ? 'names' : 'name'} none`,
      fix: describeNames(idle[0]!, names),
      details: { patterns: idle, known: collapseNames(names) },
    });
  }
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => patterns.some((pattern) => matchName(pattern, name))),
  );
}

function describeNames(pattern: string, names: readonly string[]): string {
  const known = collapseNames(names);
  const near = suggest(pattern, [...listModules(known), ...known]);
  const meant = near === undefined ? '' : `Did you mean ${show(near)}? `;
  return `${meant}Known: ${known.join(', ')}. A star stands for any text.`;
}

/** Names with a star for each number, each once. */
function collapseNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.replace(/(?<=^|\.)\d+(?=\.|$)/gu, '*')))];
}

/** The names of the modules around parameters. */
function listModules(names: readonly string[]): string[] {
  const paths = names.flatMap((name) => {
    const parts = name.split('.');
    return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join('.'));
  });
  return [...new Set(paths)];
}
