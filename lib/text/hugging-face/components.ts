import { throwInconsistent, throwUnsupported } from './schema.js';
import type { Component } from './schema.js';

/** A component where there may be none. */
export type Optional = Component | null | undefined;

/** The components of a Sequence, those inside it too; of any other component itself. */
export function flattenSequence(component: Optional, list: string): Component[] {
  if (component == null) return [];
  if (component.type !== 'Sequence') return [component];
  const components = component[list];
  if (!Array.isArray(components)) throwInconsistent(list, 'a list of components', typeof components);
  return components.flatMap((inner: unknown) => flattenSequence(expectComponent(inner, list), list));
}

function expectComponent(value: unknown, list: string): Component {
  const fits = typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
  return fits ? (value as Component) : throwInconsistent(list, 'components with a type', typeof value);
}

/** The text of a pattern field, `{ String }` or `{ Regex }`. */
export function readPattern(component: Component, kind: 'String' | 'Regex'): string {
  const pattern = component.pattern;
  const text = typeof pattern === 'object' && pattern !== null ? (pattern as Record<string, unknown>)[kind] : undefined;
  return typeof text === 'string' && text !== ''
    ? text
    : throwUnsupported(`${component.type}, pattern`, pattern, `a ${kind}`);
}

/** A field of text. */
export function readText(component: Component, name: string): string {
  const value = component[name];
  return typeof value === 'string' ? value : throwInconsistent(`${component.type}, ${name}`, 'text', typeof value);
}

/** Whether a Metaspace puts a space before a text. */
export function prependsSpace(component: Component): boolean {
  return component.prepend_scheme === undefined
    ? component.add_prefix_space !== false
    : component.prepend_scheme !== 'never';
}
