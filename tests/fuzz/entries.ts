import { closeSync, mkdtempSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createNativeError, isPalabraError } from '../../lib/core/index.js';
import type { CoreAddon, Slot } from '../../lib/native/index.js';
import { Draw, extremeIntegers } from './draw.js';
import type { FuzzCall } from './operators.js';
import { spell, writeTerm } from './notation.js';
import { drawDType, drawShape, drawTensor } from './tensors.js';
import type { Family } from './tensors.js';
import { make } from './terms.js';
import type { Term } from './terms.js';
import { anything, oddDevices } from './values.js';

/** A call of an entry; after some of them the event loop turns. */
export interface EntryCall extends FuzzCall {
  turns: boolean;
}

/** What a session has made so far and may use again, rightly or wrongly. */
interface Session {
  draw: Draw;
  slots: unknown[];
  programs: unknown[];
  generators: unknown[];
  maps: unknown[];
  tokens: unknown[];
  operators: unknown[];
  runs: unknown[];
  holds: unknown[];
}

type Arguments = (session: Session, addon: CoreAddon) => unknown[];
type Collected = Exclude<keyof Session, 'draw'>;

/**
 * The calls of a session that belongs to a seed: entries with arguments right and wrong, over shared state.
 * @param slots - tensors that are there from the start (default: none)
 */
export function* entrySession(addon: CoreAddon, seed: number, slots: readonly Slot[] = []): Generator<EntryCall> {
  const draw = new Draw(seed, 'session');
  const session: Session = {
    draw,
    slots: [...slots],
    programs: [],
    generators: [0],
    maps: [],
    tokens: [],
    operators: [],
    runs: [],
    holds: [],
  };
  for (let step = draw.integer(20, 80); step > 0; step--) yield entryCall(addon, session);
}

function entryCall(addon: CoreAddon, session: Session): EntryCall {
  const { draw } = session;
  const name = draw.pick(entryNames);
  const planned = entries[name](session, addon);
  // Any function is a right argument of initialize, and would make every later error.
  const args = name === 'initialize' ? planned : spoil(draw, planned);
  const first = name === 'fromData' && draw.chance(0.7) ? anyTensor(draw) : undefined;
  const run = () => {
    if (first) session.slots.push(make(addon, first));
    collect(session, name, (addon[name] as (...args: unknown[]) => unknown)(...args));
  };
  const text = `${first ? `${writeTerm(first)}; ` : ''}${name}(${args.map(spell).join(', ')})`;
  return { text, turns: draw.chance(0.1), run };
}

function anyTensor(draw: Draw): Term {
  const family: Family = { shape: drawShape(draw), dtype: drawDType(draw), wild: 0.2, operator: '' };
  return drawTensor(draw, family, 'x');
}

/** Seldom drops, adds or replaces an argument. */
function spoil(draw: Draw, args: unknown[]): unknown[] {
  if (draw.chance(0.9)) return args;
  if (draw.chance(0.3)) return args.slice(0, -1);
  if (draw.chance(0.3)) return [...args, anything(draw)];
  return args.map((argument) => (draw.chance(0.5) ? anything(draw) : argument));
}

const results: Partial<Record<keyof CoreAddon, Collected>> = {
  fromData: 'slots',
  fromMap: 'slots',
  call: 'slots',
  grad: 'slots',
  alias: 'slots',
  importTensor: 'slots',
  scopeRelease: 'slots',
  gradients: 'slots',
  programRunSync: 'slots',
  recordEnd: 'programs',
  programRun: 'runs',
  programHold: 'holds',
  createGenerator: 'generators',
  mapFile: 'maps',
  exportTensor: 'tokens',
};

function collect(session: Session, name: keyof CoreAddon, result: unknown): void {
  const kind = results[name];
  if (kind !== undefined && result !== undefined) session[kind].push(...(Array.isArray(result) ? result : [result]));
}

/** One of those a session has, seldom something else. */
function known({ draw, ...session }: Session, kind: Collected): unknown {
  if (draw.chance(0.05) || session[kind].length === 0) return anything(draw);
  return draw.pick(session[kind]);
}

const slot = (session: Session): unknown => known(session, 'slots');
const slots = (session: Session): unknown[] => session.draw.list(0, 3, () => slot(session));
const maybeSlots = (session: Session): unknown[] =>
  session.draw.list(0, 3, () => (session.draw.chance(0.3) ? undefined : slot(session)));
const flag = ({ draw }: Session): boolean => draw.chance(0.5);
const depth = ({ draw }: Session): unknown => draw.pick([1, 1, 2, 3, 0, -1, 99]);
const seedOf = ({ draw }: Session): unknown => draw.pick([0, 1, 2 ** 53 - 1, 2n ** 64n - 1n, -1, 0.5, 2n ** 64n, 7n]);
const deviceType = ({ draw }: Session): unknown => draw.pick(['cpu', 'cpu', 'cuda', ...oddDevices]);

const folder = mkdtempSync(join(tmpdir(), 'palabra-fuzz-'));
const file = join(folder, 'data');
const handle = openSync(file, 'w');
writeSync(handle, new Uint8Array(4096));
closeSync(handle);
const paths = [file, file, file, folder, '/dev/zero', '/proc/self/mem', '', 'none', '/none', '\0', file.repeat(200)];

const shapeOf = ({ draw }: Session): unknown => {
  const shape: unknown[] = drawShape(draw);
  if (draw.chance(0.1)) shape.push(draw.pick(extremeIntegers));
  return shape;
};

/** An array whose elements come from code that calls the addon meanwhile. */
function trap(session: Session, addon: CoreAddon): unknown[] {
  const victim = slot(session);
  return Object.defineProperty([0, 0], '1', {
    get: () => {
      addon.call(addon.operator('aten::zeros').id, [2]);
      if (typeof victim === 'number' && Number.isSafeInteger(victim) && victim >= 0) addon.dispose(victim);
      return session.draw.chance(0.5) ? victim : 1;
    },
  });
}

const operatorsToCall = [
  'add.Tensor',
  'mul.Tensor',
  'matmul',
  'sum',
  'relu',
  'cat',
  'zeros',
  'sum.dim_IntList',
  'item',
  'randn',
  'add_.Tensor',
  'copy_',
  'set_.source_Tensor',
  'zero_',
  'detach_',
  't_',
  '_backward',
  'tanh_',
];

/** Of these, the ones with one tensor. */
const unary = new Set(['zero_', 'detach_', 't_', 'tanh_', 'relu', 'sum', 'item']);

function callArguments(session: Session, addon: CoreAddon): unknown[] {
  const name = session.draw.pick(operatorsToCall);
  const id = session.draw.chance(0.02) ? anything(session.draw) : addon.operator(`aten::${name}`).id;
  if (session.draw.chance(0.05)) return [id, trap(session, addon), slot(session)];
  if (name === 'zeros' || name === 'randn') return [id, shapeOf(session)];
  if (unary.has(name)) return [id, slot(session)];
  if (name === '_backward') return [id, slot(session), []];
  return name === 'cat' ? [id, slots(session), session.draw.pick([0, -1])] : [id, slot(session), slot(session)];
}

function dataArguments(session: Session, addon: CoreAddon): unknown[] {
  const { draw } = session;
  const bytes = draw.pick([
    new Float32Array(4),
    new Uint8Array(16),
    new DataView(new ArrayBuffer(16)),
    new ArrayBuffer(16),
  ]);
  return [
    bytes,
    draw.pick<unknown>([[4], [2, 2], [], [0], [-1], shapeOf(session), trap(session, addon)]),
    draw.pick(['float32', 'int32', drawDType(draw), 'none']),
  ];
}

function lists(session: Session, addon: CoreAddon): unknown[] {
  return session.draw.chance(0.03) ? trap(session, addon) : slots(session);
}

const one: Arguments = (session) => [slot(session)];
const none: Arguments = () => [];
const anyType: Arguments = (session) => [deviceType(session)];

/** Plausible arguments for every entry of the addon. */
const entries: Record<keyof CoreAddon, Arguments> = {
  initialize: (session) => [session.draw.chance(0.5) ? createNativeError : session.draw.pick([undefined, 1, 'x', {}])],
  operatorNames: none,
  operator: ({ draw }) => [
    draw.pick(['aten::add.Tensor', 'aten::none', '', '::', '.', 'aten::', 'a'.repeat(9999), '\0']),
  ],
  call: callArguments,
  fromData: dataArguments,
  toBytes: one,
  write: (session) => [
    slot(session),
    session.draw.pick([new Float32Array(4), new Uint8Array(session.draw.integer(0, 64))]),
  ],
  item: one,
  shape: one,
  strides: one,
  dtype: one,
  device: one,
  isContiguous: one,
  isLeaf: one,
  version: one,
  gradFunction: one,
  requiresGrad: one,
  setRequiresGrad: (session) => [slot(session), flag(session)],
  grad: one,
  setGrad: (session) => [slot(session), session.draw.chance(0.3) ? undefined : slot(session)],
  dispose: one,
  isLive: one,
  alias: one,
  scopeEnter: none,
  scopeExit: (session, addon) => [depth(session), lists(session, addon)],
  scopeRelease: (session) => [depth(session)],
  escape: one,
  memoryStats: none,
  resetPeak: none,
  setMemoryLimit: ({ draw }) => [draw.pick([2 ** 40, -1, 1.5, ...extremeIntegers])],
  exportTensor: one,
  importTensor: (session) => [known(session, 'tokens')],
  releaseToken: (session) => [known(session, 'tokens')],
  mapFile: ({ draw }) => [draw.pick(paths)],
  fromMap: (session) => [
    known(session, 'maps'),
    session.draw.pick([0, 1, 8, 4096, -1, ...extremeIntegers]),
    shapeOf(session),
    drawDType(session.draw),
  ],
  unmap: (session) => [known(session, 'maps')],
  backward: (session, addon) => [lists(session, addon), maybeSlots(session), flag(session), flag(session)],
  gradients: (session, addon) => [
    lists(session, addon),
    slots(session),
    maybeSlots(session),
    flag(session),
    flag(session),
    flag(session),
  ],
  gradMode: none,
  setGradMode: (session) => [flag(session)],
  fakeEnter: none,
  fakeExit: (session) => [depth(session)],
  inferenceEnter: none,
  inferenceExit: (session) => [depth(session)],
  setAnomalyMode: (session) => [flag(session), flag(session)],
  autocast: anyType,
  setAutocast: (session) => [
    deviceType(session),
    session.draw.pick([undefined, 'bfloat16', 'float16', 'float32', 'int64']),
  ],
  createGenerator: (session) => [seedOf(session)],
  disposeGenerator: (session) => [known(session, 'generators')],
  seedGenerator: (session) => [known(session, 'generators'), seedOf(session)],
  generatorSeed: (session) => [known(session, 'generators')],
  generatorState: (session) => [known(session, 'generators')],
  setGeneratorState: (session) => [known(session, 'generators'), stateBytes(session)],
  useGenerator: (session) => [known(session, 'generators')],
  threads: none,
  setThreads: ({ draw }) => [draw.pick([1, 2, 3, 0, -1, 1025, 1.5, ...extremeIntegers])],
  limitThreads: ({ draw }) => [draw.pick([1, 2, 3, 0, -1, 1025, 1.5, ...extremeIntegers])],
  deterministic: none,
  setDeterministic: (session) => [flag(session)],
  runtime: none,
  cpuPaths: ({ draw }) => [draw.pick(['', 'float32 products', 'bfloat16 LSTM', 'nonsense', '\0', 'a'.repeat(9999)])],
  loadLibrary: ({ draw }) => [draw.pick(paths)],
  deviceCount: anyType,
  synchronize: anyType,
  programKey: (session, addon) => [lists(session, addon)],
  recordBegin: (session, addon) => [lists(session, addon)],
  recordEnd: (session, addon) => [lists(session, addon)],
  recordAbort: none,
  recording: none,
  programRun: (session) => [known(session, 'programs'), slots(session), () => undefined],
  programRunSync: (session, addon) => [known(session, 'programs'), lists(session, addon)],
  saveModes: none,
  setModes: (session, addon) => [session.draw.chance(0.8) ? addon.saveModes() : anything(session.draw)],
  programHold: (session, addon) => [lists(session, addon)],
  programRelease: (session) => [known(session, 'holds')],
  programAbort: (session) => [known(session, 'runs')],
  programDispose: (session) => [known(session, 'programs')],
  programInstructions: (session) => [known(session, 'programs')],
  programExternals: (session) => [known(session, 'programs')],
  stop: none,
};

/** The state of a generator with a few bytes changed, or any bytes. */
function stateBytes({ draw }: Session): Uint8Array {
  return draw.bytes(draw.pick([0, 1, 16, 5056, 5056, 5056, 5057]));
}

/** The entries a session calls; those that build and record more often. `stop` ends the addon and has a test of its own. */
const entryNames = (Object.keys(entries) as (keyof CoreAddon)[]).flatMap((name) =>
  name === 'stop' ? [] : Array<keyof CoreAddon>(often(name)).fill(name),
);

function often(name: keyof CoreAddon): number {
  if (name === 'call' || name === 'fromData') return 12;
  return /^(record|programRun|setRequiresGrad|backward|gradients)/.test(name) ? 4 : 1;
}

/** Tests if no run is under way, by what needs that. */
function isIdle(addon: CoreAddon): boolean {
  try {
    addon.setAnomalyMode(false, false);
    return true;
  } catch (error) {
    if (isPalabraError(error) && error.code === 'PAL_PROGRAM') return false;
    throw error;
  }
}

/** Ends what a session left open, once the run that it started has settled. */
export async function resetEnvironment(addon: CoreAddon): Promise<void> {
  addon.initialize(createNativeError);
  addon.recordAbort();
  while (!isIdle(addon)) await new Promise(setImmediate);
  addon.useGenerator(0);
  addon.setDeterministic(false);
  addon.setMemoryLimit(Number.MAX_SAFE_INTEGER);
  addon.setAutocast('cpu', undefined);
  addon.inferenceEnter();
  addon.inferenceExit(1);
  addon.setGradMode(true);
  addon.fakeEnter();
  addon.fakeExit(1);
  while (addon.memoryStats().openScopes > 0) addon.scopeExit(1, []);
}
