import type { z } from 'zod';

/** One value that a configuration can be given, as a command line or a help text shows it. */
export interface ConfigField {
  /** Its path in the configuration, e.g. `schedule.warmup`. */
  path: string;
  /** The type of its value: `number`, `integer`, `boolean`, `string`, `list`, or the choices joined by ` | `. */
  kind: string;
  /** The type of the items, where the value can be a list. */
  items?: string;
  /** The choices of an enumeration or of the tag of a union. */
  choices?: readonly string[];
  /** One line of documentation; the empty string where the schema has none. */
  doc: string;
  /** Absent where there is none, or where it stands in the fields below. */
  default?: unknown;
  /** The branches of a union in which it exists, e.g. `schedule = cosine or linear`. */
  only?: string;
  /** The key of the tag, where the field stands for a tagged union. */
  tag?: string;
}

/** The part of a zod definition that the walk below reads. */
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  in?: z.ZodType;
  options?: z.ZodType[];
  element?: z.ZodType;
  items?: z.ZodType[];
  discriminator?: string;
  values?: unknown[];
  entries?: Record<string, string | number>;
  defaultValue?: unknown;
}

/** A schema with what its wrappers say. */
interface Unwrapped {
  definition: Definition;
  format: string | undefined;
  doc: string;
  default?: unknown;
}

/**
 * Every leaf of a configuration's schema, in the order of the schema, with type, default and documentation.
 *
 * A tagged union gives its tag as the path of the union itself, and the fields of all its branches.
 */
export function listConfigFields(schema: z.ZodType, prefix = ''): ConfigField[] {
  return walk(prefix, schema, undefined);
}

function walk(path: string, schema: z.ZodType, only: string | undefined): ConfigField[] {
  const found = unwrap(schema);
  const { definition } = found;
  if (definition.shape) return collectShapeFields(path, definition.shape, only);
  if (definition.discriminator !== undefined) return collectUnionFields(path, found, definition.discriminator, only);
  return [createLeaf(path, found, only)];
}

function collectShapeFields(path: string, shape: Record<string, z.ZodType>, only: string | undefined): ConfigField[] {
  return Object.entries(shape).flatMap(([key, inner]) => walk(joinPath(path, key), inner, only));
}

/** The tag as a field of its own, then what the branches hold; a field of several branches stands once. */
function collectUnionFields(path: string, found: Unwrapped, tag: string, only: string | undefined): ConfigField[] {
  const shapes = (found.definition.options ?? []).map((option) => unwrap(option).definition.shape ?? {});
  const branches = shapes.map((shape) => ({ name: getTag(shape[tag]), shape: omitKey(shape, tag) }));
  const choices = branches.map(({ name }) => name);
  const fallback = (found.default as Record<string, unknown> | undefined)?.[tag];
  const own = addOptional({ path, kind: choices.join(' | '), choices, doc: found.doc, tag }, fallback, only);
  const inner = branches.flatMap(({ name, shape }) => collectShapeFields(path, shape, `${path} = ${name}`));
  return [own, ...mergeFields(inner)];
}

/** Fields of the same path become one that names all its branches; it keeps a default they share. */
function mergeFields(fields: readonly ConfigField[]): ConfigField[] {
  const paths = [...new Set(fields.map(({ path }) => path))];
  return paths.map((path) => mergeField(fields.filter((field) => field.path === path)));
}

function mergeField(same: readonly ConfigField[]): ConfigField {
  const { default: fallback, ...first } = same[0]!;
  const [union] = first.only!.split(' = ');
  const branches = new Set(same.map(({ only }) => only!.split(' = ')[1]!));
  const shared = same.every((field) => field.default === fallback);
  return addOptional(first, shared ? fallback : undefined, `${union} = ${[...branches].join(' or ')}`);
}

function createLeaf(
  path: string,
  { definition, format, doc, default: fallback }: Unwrapped,
  only?: string,
): ConfigField {
  const choices = definition.entries ? Object.values(definition.entries).map(String) : undefined;
  const kind = choices ? choices.join(' | ') : describeKind(definition, format);
  const items = describeItems(definition);
  return addOptional({ path, kind, ...(items && { items }), ...(choices && { choices }), doc }, fallback, only);
}

/** The type of the items of a list, or of the list in a union; undefined where there is none. */
function describeItems({ element, items, options = [] }: Definition): string | undefined {
  const item = element ?? items?.[0];
  if (item !== undefined) return createLeaf('', unwrap(item)).kind;
  return options.map((option) => describeItems(unwrap(option).definition)).find((kind) => kind !== undefined);
}

function describeKind({ type, values, options = [] }: Definition, format: string | undefined): string {
  if (type === 'number') return format === 'safeint' ? 'integer' : 'number';
  if (type === 'literal') return (values ?? []).map(String).join(' | ');
  if (type === 'array' || type === 'tuple') return 'list';
  if (type === 'union') return [...new Set(options.map((option) => createLeaf('', unwrap(option)).kind))].join(' | ');
  return type;
}

/** Looks through optional, default and the like, keeping the first documentation and default it meets. */
function unwrap(schema: z.ZodType): Unwrapped {
  const definition = schema.def as Definition;
  const inner = definition.innerType ?? definition.in;
  const doc = schema.description ?? '';
  if (!inner) return { definition, format: (schema as { format?: string }).format, doc };
  const below = unwrap(inner);
  const result = { ...below, doc: doc === '' ? below.doc : doc };
  return definition.type === 'default' ? { ...result, default: definition.defaultValue } : result;
}

function addOptional(field: ConfigField, fallback: unknown, only: string | undefined): ConfigField {
  return { ...field, ...(fallback !== undefined && { default: fallback }), ...(only !== undefined && { only }) };
}

function getTag(schema: z.ZodType | undefined): string {
  return String((schema?.def as Definition | undefined)?.values?.[0]);
}

function omitKey(shape: Record<string, z.ZodType>, key: string): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => name !== key));
}

function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
