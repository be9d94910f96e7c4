/**
 * Writes lib/tensor/aten.generated.ts: the types of every operator in libtorch's dispatcher.
 * Needs dist/core and dist/native, and the addon with libtorch.
 */
import { writeFileSync } from 'node:fs';

const TARGET = new URL('../../lib/tensor/aten.generated.ts', import.meta.url);

const { addon } = await import(new URL('../../dist/native/index.js', import.meta.url).href);

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
  const optional = kind.endsWith('?');
  const plain = optional ? kind.slice(0, -1) : kind;
  const type = plain.endsWith('[]') ? `readonly (${typeOf(plain.slice(0, -2), types)})[]` : (types[plain] ?? 'never');
  return optional ? `${type} | undefined` : type;
}

function resultTypeOf(kind) {
  return typeOf(kind, resultTypes).replace(/^readonly /, '').replace(/^\((\w+)\)/, '$1');
}

const reserved = new Set(['function', 'var', 'default', 'in', 'new', 'delete', 'with', 'enum', 'case', 'eval', 'arguments']);

function identifier(name) {
  const words = name.replace(/[^A-Za-z0-9_$]/g, '_');
  return reserved.has(words) || /^\d/.test(words) ? `${words}_` : words;
}

const isOptional = ({ hasDefault, kind }) => hasDefault || kind.endsWith('?');

/** Positional parameters; one with a default must stay required while a required one follows. */
function positionalParameters(args) {
  return args.map((arg, index) => {
    const optional = args.slice(index).every(isOptional);
    const type = typeOf(arg.kind, argumentTypes);
    const open = isOptional(arg) && !arg.kind.endsWith('?') ? `${type} | undefined` : type;
    return `${identifier(arg.name)}${optional ? '?' : ''}: ${open}`;
  });
}

/** The last parameter: every argument that may be given by name. */
function keywordParameter(args, count) {
  if (args.length === 0) return [];
  const fields = args.map((arg) => {
    const optional = isOptional(arg) || !arg.keywordOnly;
    return `${arg.name}${optional ? '?' : ''}: ${typeOf(arg.kind, argumentTypes)}${optional ? ' | undefined' : ''}`;
  });
  const required = args.some((arg) => arg.keywordOnly && !isOptional(arg));
  return [`${count > 0 && args.some((arg) => arg.name === 'options') ? 'keywords' : 'options'}${required ? '' : '?'}: { ${fields.join('; ')} }`];
}

function resultOf(returns) {
  const types = returns.map(({ kind }) => resultTypeOf(kind));
  if (types.length === 0) return 'void';
  return types.length === 1 ? types[0] : `[${types.join(', ')}]`;
}

/** One call form: the first `count` positional arguments, then the others by name. */
function signature(info, count) {
  const positional = info.arguments.filter((arg) => !arg.keywordOnly);
  const given = positionalParameters(positional.slice(0, count));
  const named = [...positional.slice(count), ...info.arguments.filter((arg) => arg.keywordOnly)];
  return `(${[...given, ...keywordParameter(named, count)].join(', ')}): ${resultOf(info.returns)}`;
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
    return addon().operator(name);
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

const all = [...new Set(addon().operatorNames())].sort();
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
