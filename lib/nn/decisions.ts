/** What the functions of recorded programs go by in modules: which tensors stand in them, training mode, probabilities. */
import type { Slot } from '../native/index.js';
import { isTensor, observeRecordings } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { getRole } from './roles.js';

/** An object with named properties: a module, or an array or plain object in one. */
type Holder = Record<string, unknown>;

/** A property as it was: a tensor by its slot, which no other one has before or after it. */
interface Fact {
  holder: Holder;
  name: string;
  value: unknown;
  slot: Slot | undefined;
}

const modules = new Set<WeakRef<object>>();
const known = new WeakSet<object>();
const collected = new FinalizationRegistry<WeakRef<object>>((reference) => modules.delete(reference));
/** The prototypes of all modules, which hold their methods. */
const prototypes = new Set<object>();

/**
 * Makes a module known to the recordings of programs.
 * @param module - a new one, which this doesn't keep alive
 */
export function registerModule(module: object): void {
  const reference = new WeakRef(module);
  modules.add(reference);
  known.add(module);
  collected.register(module, reference);
  let at = Object.getPrototypeOf(module) as object;
  for (; !Object.hasOwn(at, 'namedModules') && !prototypes.has(at); at = Object.getPrototypeOf(at) as object)
    prototypes.add(at);
}

observeRecordings(() => {
  const watch = new CallWatch();
  return (externals) => {
    watch.end();
    const involved = findInvolved([...watch.called.keys()], externals);
    const facts = involved.flatMap((module) => {
      const before = watch.called.get(module);
      return before === undefined ? listFacts(module) : keepUnchanged(listFacts(module), before);
    });
    return () => facts.every(isSo);
  };
});

function isSo({ holder, name, value, slot }: Fact): boolean {
  const now = holder[name];
  return slot === undefined ? Object.is(now, value) : isTensor(now) && now.slot === slot;
}

/** Goes through the properties of a module, and of the arrays and plain objects in it. */
function walk(module: object, visit: (name: string, value: unknown, holder: Holder) => void): void {
  const holders = new Set<object>([module]);
  for (const holder of holders) {
    for (const [name, value] of Object.entries(holder) as [string, unknown][]) {
      visit(name, value, holder as Holder);
      if (typeof value === 'object' && value !== null && isPlain(value) && !known.has(value)) holders.add(value);
    }
    if (Array.isArray(holder)) visit('length', holder.length, holder as unknown as Holder);
  }
}

function isPlain(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function listFacts(module: object): Fact[] {
  const facts: Fact[] = [];
  walk(module, (name, value, holder) => {
    if (!isTensor(value)) facts.push({ holder, name, value, slot: undefined });
    else if (isStored(value)) facts.push({ holder, name, value: undefined, slot: value.slot });
  });
  return facts;
}

/** Whether a tensor is a module's for good; others it computes when it needs them. */
function isStored(tensor: Tensor): boolean {
  const type = getRole(tensor)?.type;
  return type === 'parameter' || type === 'buffer' || type === 'quantized';
}

/** Facts that held before the recording as well: what the function itself has changed it didn't go by. */
function keepUnchanged(facts: readonly Fact[], before: readonly Fact[]): Fact[] {
  const named = new Map<Holder, Map<string, Fact>>();
  for (const fact of before) {
    const of = named.get(fact.holder);
    if (of) of.set(fact.name, fact);
    else named.set(fact.holder, new Map([[fact.name, fact]]));
  }
  return facts.filter(({ holder, name, value, slot }) => {
    const fact = named.get(holder)?.get(name);
    return fact !== undefined && fact.slot === slot && Object.is(fact.value, value);
  });
}

/** The modules that were called or hold some of these tensors, with all that hold them or are held by them. */
function findInvolved(called: readonly object[], tensors: ReadonlySet<Slot>): object[] {
  const found = new Set(called);
  const neighbours = new Map<object, object[]>();
  const link = (one: object, other: object): void => {
    const linked = neighbours.get(one);
    if (linked) linked.push(other);
    else neighbours.set(one, [other]);
  };
  for (const reference of modules) {
    const module = reference.deref();
    if (module === undefined) continue;
    walk(module, (_, value) => {
      if (typeof value !== 'object' || value === null) return;
      if (known.has(value)) {
        link(module, value);
        link(value, module);
      } else if (isTensor(value) && tensors.has(value.slot)) found.add(module);
    });
  }
  for (const module of found) for (const other of neighbours.get(module) ?? []) found.add(other);
  return [...found];
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Notes which modules are called, and what they held before, by methods that stand in for those of their classes. */
class CallWatch {
  /** What each held when it was called first. */
  readonly called = new Map<object, Fact[]>();
  readonly #restores: (() => void)[] = [];

  constructor() {
    for (const prototype of prototypes) {
      for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(prototype)))
        if (typeof own.value === 'function' && name !== 'constructor') this.#watch(prototype, name, own);
    }
  }

  end(): void {
    for (const restore of this.#restores.splice(0).reverse()) restore();
  }

  #watch(prototype: object, name: string, own: PropertyDescriptor): void {
    if (own.configurable !== true) return;
    const { called } = this;
    const original = own.value as Method;
    const value: Method = function (...args) {
      const module = this as object;
      if (known.has(module) && !called.has(module)) called.set(module, listFacts(module));
      return original.apply(module, args);
    };
    Object.defineProperty(prototype, name, { ...own, value });
    this.#restores.push(() => Object.defineProperty(prototype, name, own));
  }
}
