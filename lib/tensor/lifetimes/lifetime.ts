/**
 * The lifetimes of tensors. The native table keeps every slot in its scope; this file keeps the JavaScript
 * side: which scope is open, which explicit scope owns what, and the alarm for tensors that nobody owns.
 */
import { show } from '../../core/index.js';
import { loadAddon } from '../../native/index.js';
import type { Slot } from '../../native/index.js';

/** The interface of a tensor to its lifetime. */
export interface Handle {
  readonly slot: Slot;
}

/** The tensors that an explicit scope owns. */
export type Owner = Set<Handle>;

interface Frame {
  /** The depth of the native scope. */
  depth: number;
  /** The explicit scope whose `run` this is. */
  owner: Owner | undefined;
}

const frames: Frame[] = [];
const owners = new WeakMap<Handle, Owner>();
const sites = new Map<Slot, string>();
let recordsSites = false;
let findSite = findCreationSite;

/** True while {@link observe} has to see new tensors: no scope is open, or somebody keeps a list. */
export let observing = true;

function refreshObserving(): void {
  observing = recordsSites || frames.length === 0 || frames.at(-1)?.owner !== undefined;
}

/**
 * Notes a tensor that was just made, or just moved out of a scope.
 * @param handle - a live tensor that is on no scope's list
 * @returns `handle`
 */
export function observe<T extends Handle>(handle: T): T {
  if (recordsSites && !sites.has(handle.slot)) sites.set(handle.slot, findSite());
  const frame = frames.at(-1);
  if (frame === undefined) alarm.register(handle, handle.slot);
  else if (frame.owner) own(frame.owner, handle);
  return handle;
}

/**
 * Puts a tensor on an explicit scope's list, off any other.
 * @param owner - the list of an explicit scope
 * @param handle - a live tensor
 */
export function own(owner: Owner, handle: Handle): void {
  disown(handle);
  owner.add(handle);
  owners.set(handle, owner);
}

/**
 * Takes a tensor off its explicit scope's list.
 * @param handle - a tensor, on a list or not
 */
export function disown(handle: Handle): void {
  owners.get(handle)?.delete(handle);
  owners.delete(handle);
}

/**
 * Takes a tensor out of every scope: it lives until it is disposed of.
 * @param handle - a live tensor
 */
export function keep(handle: Handle): void {
  loadAddon().escape(handle.slot);
  disown(handle);
  alarm.register(handle, handle.slot);
}

/**
 * Opens a scope; new tensors join it, and `owner` lists them when given.
 * @param owner - the list for new tensors (default: the scope frees them itself)
 */
export function enter(owner?: Owner): void {
  frames.push({ depth: loadAddon().scopeEnter(), owner });
  refreshObserving();
}

/**
 * Closes the innermost scope, frees its tensors but `kept`, and hands those to the scope around it.
 * @param kept - the tensors that outlive the scope; disposed ones and those from outside are passed over
 */
export function exit(kept: readonly Handle[]): void {
  const frame = frames.pop();
  refreshObserving();
  if (frame === undefined) return;
  const live = kept.filter((handle) => loadAddon().isLive(handle.slot));
  const slots = live.map((handle) => handle.slot);
  const moved = loadAddon().scopeExit(frame.depth, slots);
  // A kept tensor made before the scope stays whose it was.
  if (observing && frame.owner === undefined) live.filter(({ slot }) => moved.includes(slot)).forEach(observe);
}

/**
 * Starts or stops recording where each tensor is made; a stack for each is what takes time, so `find` may do without.
 * @param enabled - true to record from now on; false stops and forgets what was recorded
 * @param find - gives the text for a new tensor (default: the first stack line outside this folder)
 */
export function recordSites(enabled: boolean, find: () => string = findCreationSite): void {
  recordsSites = enabled;
  findSite = find;
  if (!enabled) sites.clear();
  refreshObserving();
}

/**
 * Lists the creation site of each live tensor, of those made while recording.
 * @returns the list itself: each slot with the text of its site
 */
export function listLiveSites(): Map<Slot, string> {
  for (const slot of sites.keys()) if (!loadAddon().isLive(slot)) sites.delete(slot);
  return sites;
}

/** The first stack line outside this folder, as `function (file:line:column)`. */
function findCreationSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const lines = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = limit;
  const outside = lines.find(
    (line) => !/[\\/](lib|dist)[\\/]tensor[\\/]|[\\/]chunks[\\/]chunk-\w+\.js|\(?node:/.test(line),
  );
  return (outside ?? lines.at(-1) ?? 'unknown').trim().replace(/^at /, '');
}

const warned = new Set<string>();
const MAX_WARNINGS = 20;

/** Frees a tensor that nobody disposed of and nobody can reach, and names it, once a kind. */
const alarm = new FinalizationRegistry<Slot>((slot) => {
  const native = loadAddon();
  if (!native.isLive(slot)) return;
  const site = sites.get(slot);
  const kind = `a ${native.dtype(slot)} tensor of shape ${show(native.shape(slot))}${site ? ` made at ${site}` : ''}`;
  native.dispose(slot);
  sites.delete(slot);
  if (warned.has(kind) || warned.size >= MAX_WARNINGS) return;
  warned.add(kind);
  warn(kind);
});

function warn(kind: string): void {
  const fix = 'Make it in scope(fn), or call dispose() on it. memory.recordSites(true) records where tensors are made.';
  process.emitWarning(`${kind} was collected without being disposed of. ${fix}`, {
    type: 'PalabraLeakWarning',
    code: 'PAL_LEAK',
  });
}
