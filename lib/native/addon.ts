/**
 * The typed surface of `libpalabra_core.so`: one line an entry of the addon.
 *
 * Every entry checks its arguments again in C++ and throws a PalabraError. Nothing outside
 * `lib/native` and `lib/tensor` speaks to it.
 */

/**
 * A tensor's index in the native table: `index + generation * 2^24`, always at least 2^24.
 * A stale slot throws a DisposedError; it never aliases another tensor.
 */
export type Slot = number;

/** An operator bound by {@link CoreAddon.operator}. */
export type OperatorId = number;

/** A recorded program of the native runtime. */
export type ProgramId = number;

/** A replay of a program in flight, from 1. */
export type RunId = number;

/**
 * Why a program is not run with some inputs: 0, something that JavaScript may have gone by at the recording is not as
 * it was then; −1, a tensor from outside is gone for good.
 */
export type Misfit = 0 | -1;

/** A hold on the inputs of a run that waits. */
export type HoldId = number;

/** A random generator; 0 is the environment's own. */
export type GeneratorId = number;

/** The modes and the generator of a moment. */
export interface SavedModes {
  readonly __kind?: 'modes';
}

/** A file mapped into memory. */
export type MapId = number;

/** The names of the element types, as PyTorch writes them. */
export type DTypeName =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int64'
  | 'int32'
  | 'int16'
  | 'int8'
  | 'uint8'
  | 'bool'
  | 'complex64'
  | 'complex128';

/**
 * The kind of an operator's argument, in the schema's spelling without names, sizes and aliases:
 * `Tensor`, `Tensor?`, `Tensor[]`, `Tensor?[]`, `Scalar`, `int`, `int[]?`, `float`, `bool`, `str`,
 * `ScalarType`, `Layout`, `Device`, `MemoryFormat`, `Generator`, … `?` for optional ones.
 */
export type ArgumentKind = string;

/** One argument of an operator's schema. */
export interface ArgumentInfo {
  name: string;
  kind: ArgumentKind;
  keywordOnly: boolean;
  hasDefault: boolean;
}

/** One result of an operator's schema; `alias` is the index of the argument it is, or -1. */
export interface ReturnInfo {
  kind: ArgumentKind;
  alias: number;
}

/** The dispatcher's record of an operator. */
export interface OperatorInfo {
  id: OperatorId;
  name: string;
  schema: string;
  arguments: ArgumentInfo[];
  returns: ReturnInfo[];
}

/** Live and peak memory of this environment's tensors. */
export interface MemoryStats {
  /** Tensors this environment holds. */
  liveSlots: number;
  /** Bytes of their distinct storages. */
  liveBytes: number;
  /** The highest `liveBytes` since the start or the last reset. */
  peakBytes: number;
  /** CPU memory of all tensors of the process, those included that only gradients or programs hold. */
  allocatedBytes: number;
  /** The highest `allocatedBytes` since the start or the last reset. */
  peakAllocatedBytes: number;
  /** Tensors all environments of the process hold. */
  processLiveSlots: number;
  /** Scopes open now. */
  openScopes: number;
}

/** Versions and settings of the native libraries. */
export interface RuntimeInfo {
  libtorch: string;
  cpuCapability: string;
  parallel: string;
  config: string;
}

/** Makes the error that C++ throws; handed in once, at load. */
export type ErrorFactory = (code: string, message: string, details?: string) => Error;

/** The addon. */
export interface CoreAddon {
  initialize(makeError: ErrorFactory): void;

  // operators
  operatorNames(): string[];
  operator(name: string): OperatorInfo;
  /** All arguments in schema order; a tensor as its slot; `undefined` takes the default. An aliased result is `undefined`. */
  call(operator: OperatorId, ...args: unknown[]): unknown;

  // tensors
  fromData(data: ArrayBufferView, shape: number[], dtype: DTypeName): Slot;
  /** The elements in row-major order, as the dtype's raw bytes. */
  toBytes(slot: Slot): ArrayBuffer;
  /** Overwrites the elements in place, from raw bytes in row-major order. */
  write(slot: Slot, data: ArrayBufferView): void;
  item(slot: Slot): number | bigint | boolean;
  shape(slot: Slot): number[];
  strides(slot: Slot): number[];
  dtype(slot: Slot): DTypeName;
  device(slot: Slot): string;
  isContiguous(slot: Slot): boolean;
  isLeaf(slot: Slot): boolean;
  version(slot: Slot): number;
  gradFunction(slot: Slot): string | undefined;
  requiresGrad(slot: Slot): boolean;
  setRequiresGrad(slot: Slot, value: boolean): void;
  grad(slot: Slot): Slot | undefined;
  setGrad(slot: Slot, grad: Slot | undefined): void;

  // passes without values
  fakeEnter(): number;
  fakeExit(depth: number): void;

  // lifetimes
  dispose(slot: Slot): void;
  isLive(slot: Slot): boolean;
  alias(slot: Slot): Slot;
  scopeEnter(): number;
  /**
   * Frees what the scope (and those inside it) created but `keep`, which moves to the parent.
   * Returns what moved: those of `keep` that were created inside.
   */
  scopeExit(depth: number, keep: Slot[]): Slot[];
  /** Closes the scope (and those inside it) and returns its live slots, which then belong to none. */
  scopeRelease(depth: number): Slot[];
  /** Takes a slot out of every scope. */
  escape(slot: Slot): void;
  memoryStats(): MemoryStats;
  resetPeak(): void;
  /** CPU memory of the process that libtorch may hold. */
  setMemoryLimit(bytes: number): void;

  // sharing between threads of one process
  exportTensor(slot: Slot): string;
  importTensor(token: string): Slot;
  releaseToken(token: string): boolean;

  // files in memory
  mapFile(path: string): MapId;
  fromMap(map: MapId, byteOffset: number, shape: number[], dtype: DTypeName): Slot;
  unmap(map: MapId): void;

  // autograd
  backward(roots: Slot[], gradients: (Slot | undefined)[], retainGraph: boolean, createGraph: boolean): void;
  gradients(
    outputs: Slot[],
    inputs: Slot[],
    gradOutputs: (Slot | undefined)[],
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): (Slot | undefined)[];
  gradMode(): boolean;
  /** Returns the mode before. */
  setGradMode(enabled: boolean): boolean;
  inferenceEnter(): number;
  inferenceExit(depth: number): void;
  setAnomalyMode(enabled: boolean, checkNan: boolean): void;
  /** The autocast dtype of a device type, or undefined when off. */
  autocast(deviceType: string): DTypeName | undefined;
  setAutocast(deviceType: string, dtype: DTypeName | undefined): void;

  // random
  createGenerator(seed: number | bigint): GeneratorId;
  disposeGenerator(generator: GeneratorId): void;
  seedGenerator(generator: GeneratorId, seed: number | bigint): void;
  generatorSeed(generator: GeneratorId): bigint;
  generatorState(generator: GeneratorId): ArrayBuffer;
  setGeneratorState(generator: GeneratorId, state: ArrayBufferView): void;
  /** The generator that operators draw from when none is given; returns the one before. */
  useGenerator(generator: GeneratorId): GeneratorId;

  // runtime and devices
  threads(): number;
  setThreads(count: number): void;
  /** Lets the process start with no more threads than `count`; the first call of a process counts. */
  limitThreads(count: number): void;
  /** True where this thread asked that operators whose results may differ from call to call take another way, or refuse. */
  deterministic(): boolean;
  setDeterministic(on: boolean): void;
  runtime(): RuntimeInfo;
  /** Which path each kind of work on a CPU takes, or the one named: lines of kind, path and reason between tabs. */
  cpuPaths(kind: string): string;
  loadLibrary(path: string): void;
  deviceCount(deviceType: string): number;
  synchronize(deviceType: string): void;

  // programs
  /** The key of a recording: shapes, strides, dtypes, devices and requiresGrad of the inputs; grad, inference and autocast mode. */
  programKey(inputs: Slot[]): string;
  recordBegin(inputs: Slot[]): void;
  recordEnd(outputs: Slot[]): ProgramId;
  recordAbort(): void;
  recording(): boolean;
  /**
   * Replays on the compute thread; `done` is called on this thread. The run before must have settled. Until this one
   * has, entries refuse what would meet its work. Where there is no run, a {@link Misfit} says why.
   */
  programRun(
    program: ProgramId,
    inputs: Slot[],
    done: (error: Error | undefined, outputs: Slot[] | undefined) => void,
  ): RunId;
  /** The modes of gradients, inference and autocast, and the generator that operators draw from. */
  saveModes(): SavedModes;
  /** Returns those before. */
  setModes(modes: SavedModes): SavedModes;
  /** Replays on this thread; the results join the current scope. */
  programRunSync(program: ProgramId, inputs: Slot[]): Slot[] | Misfit;
  /** Lets no one change these tensors until `programRelease`. */
  programHold(inputs: Slot[]): HoldId;
  programRelease(hold: HoldId): void;
  programAbort(run: RunId): void;
  programDispose(program: ProgramId): void;
  programInstructions(program: ProgramId): string[];
  /** The tensors from before the recording that its steps use. */
  programExternals(program: ProgramId): Slot[];
  /** Stops and joins the compute thread: the exit protocol. Later replays are refused. */
  stop(): void;
}
