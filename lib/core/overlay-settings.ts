/** Settings as nested plain data. */
export type PlainSettings = Readonly<Record<string, unknown>>;

/**
 * Settings over others, the one rule by which layers of settings become one: a key that is named above wins, every other
 * one stays. Of two variants of one thing, told apart by `type`, only the upper one counts. Of alternatives, as the
 * bounds of a run, those that are named above take the place of all below.
 *
 * @param below - plain data
 * @param above - plain data; a key whose value is undefined isn't named
 * @param alternatives - keys at the top of which a layer names some and means no others (default: none)
 * @returns a new object; what lies in it is shared
 */
export function overlaySettings(
  below: PlainSettings,
  above: PlainSettings,
  alternatives: readonly string[] = [],
): Record<string, unknown> {
  const named = Object.entries(above).filter(([, value]) => value !== undefined);
  if (above.type !== undefined && below.type !== undefined && above.type !== below.type)
    return Object.fromEntries(named);
  const replaced = alternatives.some((key) => above[key] !== undefined) ? alternatives : [];
  const kept = Object.entries(below).filter(([key]) => !replaced.includes(key));
  const merged = named.map(([key, value]): [string, unknown] => {
    const under = below[key];
    return [key, isPlainSettings(under) && isPlainSettings(value) ? overlaySettings(under, value) : value];
  });
  return { ...Object.fromEntries(kept), ...Object.fromEntries(merged) };
}

/** True for an object that is made of settings, not for lists, instances of classes and the like. */
export function isPlainSettings(value: unknown): value is PlainSettings {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
