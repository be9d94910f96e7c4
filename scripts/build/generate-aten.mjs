/**
 * Writes lib/tensor/aten.generated.ts: the types of every operator in libtorch's dispatcher.
 * Needs dist/core and dist/native, and the addon with libtorch.
 */
import { writeFileSync } from 'node:fs';

const TARGET = new URL('../../lib/tensor/aten.generated.ts', import.meta.url);

const { loadAddon } = await import(new URL('../../dist/native/index.js', import.meta.url).href);

/** The TypeScript type of an argument of each kind. */
const argumentTypes = {
  Tensor: 'Tensor',
  Scalar: 'Scalar',
  int: 'number | bigint',
  float: 'number',
  bool: 'boolean',
  str: 'string',
  ScalarType: 'DType',
  Layout: 'Layout',
  MemoryFormat: 'MemoryFormat',
  Device: 'Device',
  Generator: 'Generator',
};

/** The TypeScript type of a result of each kind. */
const resultTypes = { ...argumentTypes, int: 'number', Scalar: 'number | bigint | boolean' };

function typeOf(kind, types) {
  if (kind.endsWith('?')) return `${typeOf(kind.slice(0, -1), types)} | undefined`;
  if (!kind.endsWith('[]')) return types[kind] ?? 'never';
  const element = typeOf(kind.slice(0, -2), types);
  return element.includes('|') ? `readonly (${element})[]` : `readonly ${element}[]`;
}

/** The type of something that may be left out, and may be given as `undefined`. */
function optionalTypeOf(kind) {
  const type = typeOf(kind, argumentTypes);
  return kind.endsWith('?') ? type : `${type} | undefined`;
}

function resultTypeOf(kind) {
  return typeOf(kind, resultTypes).replace(/^readonly /, '');
}

const reserved = new Set([
  'function',
  'var',
  'default',
  'in',
  'new',
  'delete',
  'with',
  'enum',
  'case',
  'eval',
  'arguments',
]);

function identifier(name) {
  const words = name.replace(/[^A-Za-z0-9_$]/g, '_');
  return reserved.has(words) || /^\d/.test(words) ? `${words}_` : words;
}

const isOptional = ({ hasDefault, kind }) => hasDefault || kind.endsWith('?');

/** Positional parameters; one with a default must stay while a required one follows. */
function positionalParameters(args, allRequired) {
  return args.map((arg, index) => {
    const mark = !allRequired && args.slice(index).every(isOptional) ? '?' : '';
    const type = isOptional(arg) ? optionalTypeOf(arg.kind) : typeOf(arg.kind, argumentTypes);
    return `${identifier(arg.name)}${mark}: ${type}`;
  });
}

const isRequiredByName = (arg) => arg.keywordOnly && !isOptional(arg);

/** The last parameter: every argument that may be given by name. */
function keywordParameter(args) {
  if (args.length === 0) return [];
  const fields = args.map((arg) =>
    isRequiredByName(arg)
      ? `${arg.name}: ${typeOf(arg.kind, argumentTypes)}`
      : `${arg.name}?: ${optionalTypeOf(arg.kind)}`,
  );
  return [`options${args.some(isRequiredByName) ? '' : '?'}: { ${fields.join('; ')} }`];
}

function resultOf(returns) {
  const types = returns.map(({ kind }) => resultTypeOf(kind));
  if (types.length === 0) return 'void';
  return types.length === 1 ? types[0] : `[${types.join(', ')}]`;
}

/** One call form: the first `count` positional arguments, then the others by name. */
function signature(info, count) {
  const positional = info.arguments.filter((arg) => !arg.keywordOnly);
  const named = [...positional.slice(count), ...info.arguments.filter((arg) => arg.keywordOnly)];
  const given = positionalParameters(positional.slice(0, count), named.some(isRequiredByName));
  return `(${[...given, ...keywordParameter(named)].join(', ')}): ${resultOf(info.returns)}`;
}

/** The call forms: the required arguments and the others by name; and everything by position. */
function signatures(info) {
  const positional = info.arguments.filter((arg) => !arg.keywordOnly);
  const required = positional.findLastIndex((arg) => !isOptional(arg)) + 1;
  const forms = [signature(info, required)];
  if (required < positional.length) forms.push(signature(info, positional.length));
  return forms;
}

function documentation(info) {
  const text = info.schema.replaceAll('*/', '*\\/').replaceAll('@', '\\@');
  return `  /** \`${text}\` */`;
}

function propertyName(name) {
  return name.replace(/^.*::/, '').replace('.', '_');
}

/** An operator's schema; none for those the addon refuses to bind. */
function operatorInfo(name) {
  try {
    return loadAddon().operator(name);
  } catch (error) {
    if (error.code === 'PAL_UNSUPPORTED') return undefined;
    throw error;
  }
}

function members(names) {
  const lines = [];
  const taken = new Set();
  for (const name of names) {
    const property = propertyName(name);
    if (taken.has(property)) throw new Error(`${name}: another operator has the property name ${property}`);
    taken.add(property);
    const info = operatorInfo(name);
    if (info === undefined) continue;
    for (const form of signatures(info)) lines.push(documentation(info), `  ${property}${form};`);
  }
  return lines;
}

function namespaceInterface(title, doc, names) {
  return [`/** ${doc} */`, `export interface ${title} {`, ...members(names), '}', ''];
}

const all = [...new Set(loadAddon().operatorNames())].sort();
const aten = all.filter((name) => name.startsWith('aten::'));
const own = all.filter((name) => name.startsWith('palabra::'));

const lines = [
  '/* Written by scripts/build/generate-aten.mjs from the schemas of libtorch. */',
  "import type { DType, Scalar } from './dtype.js';",
  "import type { Generator } from './generator.js';",
  "import type { Tensor } from './tensor.js';",
  '',
  '/** A device by name. */',
  'type Device = string;',
  '',
  '/** How elements are stored. */',
  "type Layout = 'strided' | 'sparse_coo' | 'sparse_csr' | 'sparse_csc' | 'sparse_bsr' | 'sparse_bsc';",
  '',
  '/** The order of elements in memory. */',
  "type MemoryFormat = 'contiguous_format' | 'preserve_format' | 'channels_last' | 'channels_last_3d';",
  '',
  ...namespaceInterface('AtenOperators', 'Every operator of libtorch.', aten),
  ...namespaceInterface('PalabraOperators', 'The operators of this library.', own),
];

writeFileSync(TARGET, lines.join('\n'));
console.log(`${aten.length} aten and ${own.length} palabra operators written`);
