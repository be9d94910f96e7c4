import { raise } from '../errors/errors.js';
import { show } from '../show.js';
import { formatUnknownKey } from './suggest.js';

/** Checks the value of an option: throws what the `expect…` functions throw, returns whatever. */
export type OptionCheck = (where: string, name: string, value: unknown) => unknown;

/**
 * Every key that an options object knows, with the check of its value, or `true` where the value is checked later.
 * A key of `O` that is missing here, or one too many, doesn't compile.
 */
export type OptionChecks<O> = { readonly [K in keyof O]-?: OptionCheck | true };

/**
 * Refuses an options object with a key that nobody reads or a value that its check refuses.
 *
 * @param where - the public function or class, e.g. `generate`
 * @param options - what the caller gave; `undefined` and `{}` stand for all defaults, and so does a key whose value is `undefined`
 * @param checks - every known key
 * @param path - where the object lies inside the options of `where`, e.g. `split`
 * @returns `options`, or an empty object for `undefined`
 * @throws ArgumentError when it is no object, has an unknown key, or a value out of range
 */
export function checkOptions<O extends object>(
  where: string,
  options: O | undefined,
  checks: OptionChecks<NoInfer<O>>,
  path = '',
): O {
  if (options === undefined) return {} as O;
  expectObject(where, options, path);
  for (const key in options) {
    const check = Object.hasOwn(checks, key) ? checks[key] : throwUnknownKey(where, key, checks, path);
    const value: unknown = options[key];
    if (check !== true && value !== undefined) check(where, path === '' ? key : `${path}.${key}`, value);
  }
  return options;
}

/**
 * The part of an options object that a narrower function takes.
 *
 * @param options - checked before; keys that the function doesn't know are left out
 * @param checks - the keys that it knows
 * @returns a new object
 */
export function pickOptions<O extends object>(options: NoInfer<O>, checks: OptionChecks<O>): O {
  return Object.fromEntries(Object.entries(options).filter(([key]) => Object.hasOwn(checks, key))) as O;
}

/** A variant's settings without the `type` that tells which it is. */
export function omitType<C extends { type: string }>({ type: _type, ...settings }: C): Omit<C, 'type'> {
  return settings;
}

/**
 * The check of an option that is an options object itself.
 *
 * @param checks - every key known inside
 * @returns a check for {@link OptionChecks}
 */
export function checkNested<O extends object>(checks: OptionChecks<O>): OptionCheck {
  return (where, name, value) => checkOptions(where, value as O, checks, name);
}

function expectObject(where: string, options: unknown, path: string): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  const name = path === '' ? 'options' : path;
  raise('PAL_ARGUMENT', { where, expected: `${name} to be an object`, received: show(options), details: { name } });
}

function throwUnknownKey(where: string, key: string, checks: object, path: string): never {
  const known = Object.keys(checks);
  return raise('PAL_ARGUMENT', {
    where,
    expected: path === '' ? 'known options' : `known options in ${path}`,
    received: `the unknown key ${show(key)}`,
    fix: formatUnknownKey(key, known),
    details: { name: path === '' ? key : `${path}.${key}`, known },
  });
}
