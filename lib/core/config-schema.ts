import type { z } from 'zod';

/** The part of a zod definition that leads from a schema to the schemas inside it. */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  in?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  items?: z.ZodType[];
  options?: z.ZodType[];
  values?: unknown[];
  discriminator?: string;
  getter?: () => z.ZodType;
}

function getDefinition(schema: z.ZodType): Definition {
  return schema.def;
}

/** The keys that the strict objects at a path of the schema know. */
export function listKnownKeys(schema: z.ZodType, root: unknown, path: readonly PropertyKey[]): string[] {
  let schemas = unwrap(schema, root);
  let value = root;
  for (const key of path) {
    value = getValueAt(value, [key]);
    schemas = schemas.flatMap((outer) => descend(outer, key)).flatMap((inner) => unwrap(inner, value));
  }
  return [...new Set(schemas.flatMap((found) => Object.keys(getDefinition(found).shape ?? {})))];
}

/** The value at a path of plain data; undefined where there is none. */
export function getValueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<PropertyKey, unknown>)[key];
  }, root);
}

function descend(schema: z.ZodType, key: PropertyKey): z.ZodType[] {
  const { shape, element, valueType, items } = getDefinition(schema);
  const next = shape?.[String(key)] ?? element ?? valueType ?? items?.[Number(key)];
  return next ? [next] : [];
}

/** The schemas behind wrappers and unions that may apply to the value. */
function unwrap(schema: z.ZodType, value: unknown): z.ZodType[] {
  const { innerType, in: input, getter, options, discriminator } = getDefinition(schema);
  const inner = innerType ?? input ?? getter?.();
  if (inner) return unwrap(inner, value);
  if (!options) return [schema];
  const all = options.flatMap((option) => unwrap(option, value));
  return discriminator === undefined ? all : all.filter((option) => hasTag(option, discriminator, value));
}

function hasTag(option: z.ZodType, discriminator: string, value: unknown): boolean {
  const tag = getDefinition(option).shape?.[discriminator];
  return tag !== undefined && (getDefinition(tag).values ?? []).includes(getValueAt(value, [discriminator]));
}
