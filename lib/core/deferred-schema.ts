import { createRequire } from 'node:module';
import type { z } from 'zod';

/** The builder of schemas. */
export type Zod = typeof z;

let loaded: Zod | undefined;

/** Zod, loaded at the first call: it takes a sixth of the time and memory of a start, and few programs need it. */
function loadZod(): Zod {
  return (loaded ??= (createRequire(import.meta.url)('zod') as { z: Zod }).z);
}

/**
 * A schema that is built when it is first looked at.
 *
 * @example const sizeSchema = deferSchema((z) => z.strictObject({ width: z.int() }));
 */
export function deferSchema<S extends z.ZodType>(make: (z: Zod) => S): S {
  let built: S | undefined;
  const schema = (): S => (built ??= make(loadZod()));
  return new Proxy({} as S, {
    get: (_, key) => bindProperty(schema(), key),
    has: (_, key) => Reflect.has(schema(), key),
  });
}

/** A property of an object, its methods with their `this`. */
function bindProperty(object: object, key: PropertyKey): unknown {
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'function' ? (value.bind(object) as unknown) : value;
}
