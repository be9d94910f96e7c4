import type { CoreAddon, OperatorInfo, Slot } from '../../lib/native/index.js';
import { Draw } from './draw.js';
import { drawDType, drawShape } from './tensors.js';
import type { Family } from './tensors.js';
import { writeCall } from './notation.js';
import { literal, make } from './terms.js';
import type { Term } from './terms.js';
import { anything, drawArgument } from './values.js';
import type { Parameter } from './values.js';

/** A call of the fuzzer, written down and ready to run. */
export interface FuzzCall {
  text: string;
  run: (addon: CoreAddon) => void;
}

/** The operators that the typed surface reaches. */
export function reachableOperators(addon: CoreAddon): string[] {
  return addon
    .operatorNames()
    .filter((name) => /^(aten|palabra\w*)::/.test(name))
    .sort();
}

/** The call of an operator that belongs to a seed. */
export function operatorCall(info: OperatorInfo, seed: number): FuzzCall {
  const draw = new Draw(seed, info.name);
  const args = drawArguments(info, draw);
  const after = { gradients: draw.chance(0.3), read: draw.chance(0.2) };
  return {
    text: info.name + writeCall({ args, then: after.gradients ? ['gradients'] : [] }),
    run: (addon) => {
      runOperator(addon, info, args, after);
    },
  };
}

/** Arguments for an operator, as its schema wants them more often than not. */
export function drawArguments(info: OperatorInfo, draw: Draw): Term[] {
  const family = drawFamily(draw, info.name);
  return drawCount(draw, family, parameters(info)).map((parameter) => drawValue(draw, family, parameter));
}

function drawFamily(draw: Draw, operator: string): Family {
  const wild = draw.pick([0, 0, 0.05, 0.05, 0.15, 0.4, 1]);
  return { shape: drawShape(draw), dtype: drawDType(draw), wild, operator };
}

const fixedSize = (schema: string, name: string): number => {
  const found = new RegExp(String.raw`\[(\d+)\]\??(?:\(\w!?\))? ${name}\b`).exec(schema);
  return Number(found?.[1] ?? 0);
};

function parameters({ schema, arguments: list }: OperatorInfo): Parameter[] {
  return list.map(({ name, kind, hasDefault }) => ({ name, kind, hasDefault, size: fixedSize(schema, name) }));
}

/** Seldom one argument too few or too many. */
function drawCount(draw: Draw, { wild }: Family, list: Parameter[]): (Parameter | undefined)[] {
  if (draw.chance(wild * 0.1)) return list.slice(0, draw.integer(0, list.length));
  return draw.chance(wild * 0.05) ? [...list, undefined] : list;
}

function drawValue(draw: Draw, family: Family, parameter: Parameter | undefined): Term {
  return parameter ? drawArgument(draw, family, parameter) : literal(anything(draw));
}

/** Runs the operator, then what a user may do with its results: differentiate and read them. */
function runOperator(
  addon: CoreAddon,
  info: OperatorInfo,
  args: Term[],
  after: { gradients: boolean; read: boolean },
): void {
  const given = args.map((term) => make(addon, term));
  const results = [addon.call(info.id, ...given)].flat(2).filter((slot) => isTensor(addon, slot));
  if (after.gradients) differentiate(addon, results, given.flat());
  if (after.read) for (const slot of results) read(addon, slot);
}

function isTensor(addon: CoreAddon, value: unknown): value is Slot {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && addon.isLive(value);
}

function differentiate(addon: CoreAddon, results: Slot[], given: unknown[]): void {
  const outputs = results.filter((slot) => addon.requiresGrad(slot));
  const inputs = given.filter((slot) => isTensor(addon, slot)).filter((slot) => addon.requiresGrad(slot));
  if (outputs.length === 0 || inputs.length === 0) return;
  const ones = outputs.map((slot) => addon.call(addon.operator('aten::ones_like').id, slot) as Slot);
  addon.gradients(outputs, inputs, ones, false, false, true);
}

function read(addon: CoreAddon, slot: Slot): void {
  if (addon.shape(slot).reduce((product, size) => product * Number(size), 1) < 1e6) addon.toBytes(slot);
}
