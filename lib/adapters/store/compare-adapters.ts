import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { raise } from '../../core/index.js';
import { cat, noGrad, openSafetensors, scope } from '../../tensor/index.js';
import type { SafetensorsReader, Tensor } from '../../tensor/index.js';
import { resolveRank } from '../config/targets.js';
import { ModuleNames } from '../config/module-names.js';
import { computeScaling } from '../config/scaling.js';
import { parseAdapterConfig } from '../files/adapter-config.js';
import { FILES, KEYS, PREFIX } from '../files/keys.js';

/** How far two adapters lie apart on one module or tensor. */
export interface AdapterChange {
  /** Path of the module, or of a tensor that is stored whole, by the names of the files. */
  name: string;
  /** Frobenius norm of s₂B₂A₂ − s₁B₁A₁, or of the difference of two tensors. */
  change: number;
  /** Frobenius norm of the first adapter's s₁B₁A₁ or tensor; 0 where it has none. */
  first: number;
  /** That of the second's. */
  second: number;
}

/** An update s·B·A as its factors, in float64. */
interface Factors {
  /** `[r, in]`. */
  A: Tensor;
  /** `[out, r]`, times s. */
  B: Tensor;
}

/**
 * Compares two stored adapters module by module without computing any product of the size of a weight:
 * ‖BA‖² = Σ (BᵀB ∘ AAᵀ), in float64.
 *
 * @param first - a folder with `adapter_config.json` and `adapter_model.safetensors`
 * @param second - such a folder
 * @returns one row for each module and each tensor stored whole, in the order of the files
 * @throws CheckpointError for shapes that do not fit each other
 */
export async function compareAdapters(first: string, second: string): Promise<AdapterChange[]> {
  using a = await openFactors(first);
  using b = await openFactors(second);
  const modules = new Set([...a.modules.keys(), ...b.modules.keys()]);
  const whole = new Set([...a.whole, ...b.whole]);
  return noGrad(() => [
    ...[...modules].map((name) => scope(() => compareModule(name, a.read(name), b.read(name)))),
    ...[...whole].map((name) => scope(() => compareWhole(name, a.readWhole(name), b.readWhole(name)))),
  ]);
}

/** The factors in a folder. */
class FactorsFile {
  /** Keys of A and B by the path of the module. */
  readonly modules = new Map<string, { a: string; b: string }>();
  /** Keys of other tensors. */
  readonly whole: string[] = [];

  constructor(
    private readonly file: SafetensorsReader,
    private readonly scaling: (module: string) => number,
  ) {
    for (const key of file.names) if (!this.addModule(key)) this.whole.push(key);
  }

  private addModule(key: string): boolean {
    for (const [a, b] of [[KEYS.A, KEYS.B] as const, [KEYS.tableA, KEYS.tableB] as const]) {
      if (key.endsWith(b) && this.file.has(`${key.slice(0, -b.length)}${a}`)) return true;
      if (!key.endsWith(a)) continue;
      const path = key.slice(0, -a.length);
      this.modules.set(path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path, { a: key, b: `${path}${b}` });
      return true;
    }
    return false;
  }

  /** Undefined where the module has none. */
  read(module: string): Factors | undefined {
    const keys = this.modules.get(module);
    if (keys === undefined) return undefined;
    const B = this.file.tensor(keys.b).to('float64').mul(this.scaling(module));
    return { A: this.file.tensor(keys.a).to('float64'), B };
  }

  readWhole(key: string): Tensor | undefined {
    return this.file.has(key) ? this.file.tensor(key).to('float64') : undefined;
  }

  [Symbol.dispose](): void {
    this.file.close();
  }
}

async function openFactors(folder: string): Promise<FactorsFile> {
  const path = join(folder, FILES.config);
  const config = parseAdapterConfig(path, JSON.parse(await readFile(path, 'utf8')));
  const names = new ModuleNames();
  const scaling = (module: string): number =>
    computeScaling({ ...resolveRank(module, config, names), useRslora: config.useRslora });
  return new FactorsFile(openSafetensors(join(folder, FILES.weights)), scaling);
}

function compareModule(name: string, first: Factors | undefined, second: Factors | undefined): AdapterChange {
  const norms = { first: first ? computeNorm(first) : 0, second: second ? computeNorm(second) : 0 };
  if (first === undefined || second === undefined) return { name, change: norms.first + norms.second, ...norms };
  expectSameShape(name, [first.B.shape[0], first.A.shape[1]], [second.B.shape[0], second.A.shape[1]]);
  return { name, change: computeNorm(computeDifference(first, second)), ...norms };
}

/**
 * s₂B₂A₂ − s₁B₁A₁ as factors. Of equal ranks it is (B₂−B₁)A₂ + B₁(A₂−A₁): where the adapters are near, every term is small
 * and none cancels another.
 */
function computeDifference(first: Factors, second: Factors): Factors {
  const isEqualRank = first.A.shape[0] === second.A.shape[0];
  if (!isEqualRank) return { B: cat([second.B, first.B.neg()], 1), A: cat([second.A, first.A], 0) };
  return { B: cat([second.B.sub(first.B), first.B], 1), A: cat([second.A, second.A.sub(first.A)], 0) };
}

function computeNorm({ A, B }: Factors): number {
  const square = B.transpose(0, 1).matmul(B).mul(A.matmul(A.transpose(0, 1))).sum().item(); // prettier-ignore
  // Rounding may leave a square just below 0.
  return Math.sqrt(Math.max(0, square));
}

function compareWhole(name: string, first: Tensor | undefined, second: Tensor | undefined): AdapterChange {
  const norms = { first: measure(first), second: measure(second) };
  if (first === undefined || second === undefined) return { name, change: norms.first + norms.second, ...norms };
  expectSameShape(name, first.shape, second.shape);
  return { name, change: measure(second.sub(first)), ...norms };
}

function measure(tensor: Tensor | undefined): number {
  return tensor === undefined ? 0 : Math.sqrt(tensor.mul(tensor).sum().item());
}

function expectSameShape(name: string, first: readonly unknown[], second: readonly unknown[]): void {
  if (String(first) === String(second)) return;
  raise('PAL_CHECKPOINT', {
    where: 'compareAdapters',
    expected: `${name} of one shape, [${first.join(', ')}]`,
    received: `[${second.join(', ')}]`,
    fix: 'Compare adapters of one base.',
  });
}
