/**
 * Operators by name. {@link bindOperator} is the hand-written surface's way to the addon: the id, looked up at first use.
 * {@link getOperator} builds a caller from the schema that checks kinds and takes keyword arguments.
 */
import { formatSuggestion, raise, show } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import type { ArgumentInfo, ArgumentKind, OperatorId, OperatorInfo } from '../native/index.js';
import { expectDType } from './dtype.js';
import { Generator } from './generator.js';
import { isTensor, wrap } from './tensor.js';
import { isPlainObject } from './plain-object.js';

/** An operator looked up at its first use. */
export class BoundOperator {
  #id: OperatorId | undefined;

  constructor(readonly name: string) {}

  /** Its id in the addon. */
  get id(): OperatorId {
    return (this.#id ??= loadAddon().operator(this.name).id);
  }
}

/**
 * Names an operator, `namespace::name.overload`, without loading libtorch yet.
 * @param name - `namespace::name.overload`, the overload left out for the default one
 * @returns the operator, whose `id` is looked up when it is first read
 */
export function bindOperator(name: string): BoundOperator {
  return new BoundOperator(name);
}

/** A checked caller of an operator: arguments by position, keyword arguments in a last plain object. */
export type OperatorCaller = (...args: unknown[]) => unknown;

type Converter = (value: unknown) => unknown;

const callers = new Map<string, OperatorCaller>();

/**
 * The checked caller of an operator.
 *
 * @param name - `namespace::name.overload`, the overload left out for the default one
 * @returns a function of its arguments: tensors, numbers, texts and lists as the schema says; it returns what the
 *   operator does
 * @throws ArgumentError when libtorch has no such operator
 * @example operator('aten::add.Tensor')(a, b, { alpha: 2 })
 */
export function getOperator(name: string): OperatorCaller {
  const known = callers.get(name);
  if (known) return known;
  const caller = makeCaller(loadAddon().operator(name));
  callers.set(name, caller);
  return caller;
}

function makeCaller(info: OperatorInfo): OperatorCaller {
  const converters = info.arguments.map((argument) => createConverter(info, argument));
  return (...given) => {
    const values = bindArguments(info, given);
    const converted = values.map((value, index) => (value === undefined ? undefined : converters[index]?.(value)));
    return wrapResults(info, loadAddon().call(info.id, ...converted), values);
  };
}

/** The arguments in schema order, `undefined` where none was given. */
function bindArguments(info: OperatorInfo, given: readonly unknown[]): unknown[] {
  const positional = [...given];
  const keywords = isPlainObject(positional.at(-1)) ? (positional.pop() as Record<string, unknown>) : {};
  if (positional.length > info.arguments.length) throwTooMany(info, positional.length);
  checkKeywords(info, keywords, positional.length);
  const values = info.arguments.map(({ name }, index) => keywords[name] ?? positional[index] ?? undefined);
  info.arguments.forEach((argument, index) => checkPresent(info, argument, values[index]));
  return values;
}

function checkKeywords(info: OperatorInfo, keywords: Record<string, unknown>, positional: number): void {
  for (const name of Object.keys(keywords)) {
    const index = info.arguments.findIndex((argument) => argument.name === name);
    if (index < 0) throwUnknownKeyword(info, name);
    if (index < positional) throwGivenTwice(info, name);
  }
}

function checkPresent(info: OperatorInfo, argument: ArgumentInfo, value: unknown): void {
  if (value !== undefined || argument.hasDefault || argument.kind.endsWith('?')) return;
  throwBadArgument(info, argument, 'nothing');
}

function throwTooMany(info: OperatorInfo, count: number): never {
  const expected = `at most ${info.arguments.length} arguments`;
  raise('PAL_ARGUMENT', { where: info.name, expected, received: String(count), fix: `Its schema: ${info.schema}.` });
}

function throwUnknownKeyword(info: OperatorInfo, name: string): never {
  const names = info.arguments.map((argument) => argument.name);
  raise('PAL_ARGUMENT', {
    where: info.name,
    expected: `keyword arguments of ${info.schema}`,
    received: name,
    fix: formatSuggestion(name, names),
  });
}

function throwGivenTwice(info: OperatorInfo, name: string): never {
  raise('PAL_ARGUMENT', { where: info.name, expected: `${name} once`, received: 'it by position and by name' });
}

function throwBadArgument(info: OperatorInfo, argument: ArgumentInfo, received: string): never {
  raise('PAL_ARGUMENT', {
    where: info.name,
    expected: `${argument.name} of kind ${argument.kind}`,
    received,
    fix: `Its schema: ${info.schema}.`,
  });
}

function createConverter(info: OperatorInfo, argument: ArgumentInfo): Converter {
  const no = (value: unknown): never => throwBadArgument(info, argument, show(value));
  const kind = argument.kind.replace(/\?$/, '');
  if (kind.endsWith('[]')) return createListConverter(kind.slice(0, -2), no);
  return createValueConverter(kind, no, info.name);
}

function createListConverter(kind: ArgumentKind, no: Converter): Converter {
  const element = createValueConverter(kind.replace(/\?$/, ''), no, '');
  const optional = kind.endsWith('?');
  const convert: Converter = (item) => (optional && (item === undefined || item === null) ? undefined : element(item));
  const single = kind !== 'Tensor' && kind !== 'Tensor?';
  return (value) => {
    if (Array.isArray(value)) return value.map(convert);
    // One number stands for a list of fixed length; the addon knows the length.
    return single ? element(value) : no(value);
  };
}

function createValueConverter(kind: ArgumentKind, no: Converter, where: string): Converter {
  switch (kind) {
    case 'Tensor':
      return (value) => (isTensor(value) ? value.slot : no(value));
    case 'Scalar':
      return (value) => (['number', 'bigint', 'boolean'].includes(typeof value) ? value : no(value));
    case 'int':
      return (value) => (typeof value === 'bigint' || Number.isSafeInteger(value) ? value : no(value));
    case 'float':
      return (value) => (typeof value === 'number' ? value : no(value));
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : no(value));
    case 'ScalarType':
      return (value) => expectDType(where, value);
    case 'Generator':
      return (value) => (Generator.isGenerator(value) ? value.id : no(value));
    case 'str':
    case 'Device':
    case 'Layout':
    case 'MemoryFormat':
      return (value) => (typeof value === 'string' ? value : no(value));
    default:
      return no;
  }
}

function wrapResults(info: OperatorInfo, given: unknown, values: readonly unknown[]): unknown {
  const { returns } = info;
  if (returns.length === 0) return undefined;
  if (returns.length === 1) return wrapReturn(info, 0, given, values);
  return (given as unknown[]).map((item, index) => wrapReturn(info, index, item, values));
}

function wrapReturn(info: OperatorInfo, index: number, given: unknown, values: readonly unknown[]): unknown {
  const { kind, alias } = info.returns[index] ?? { kind: '', alias: -1 };
  if (alias >= 0) return values[alias];
  return wrapValue(kind, given);
}

function wrapValue(kind: ArgumentKind, given: unknown): unknown {
  if (given === undefined || given === null) return undefined;
  if (kind === 'Tensor' || kind === 'Tensor?') return wrap(given);
  if (kind === 'Tensor[]') return (given as unknown[]).map(wrap);
  return given;
}
