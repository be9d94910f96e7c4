import { Module, fanInUniform, normalInitializer, parameter, zeroInitializer } from '../../nn/index.js';
import { dropout, getAutocastDType, linear, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { computeScaling } from '../config/scaling.js';

/** Settings of {@link LoraFactors}. */
export interface LoraFactorsOptions {
  inFeatures: number;
  outFeatures: number;
  r: number;
  loraAlpha: number;
  useRslora: boolean;
  loraDropout: number;
  /** Factor on the learning rate of B. */
  rateScale: number;
  device: string;
  /** For a table: A begins at zero, B at N(0, 1). */
  table?: boolean;
}

/** One adapter on one module: the factors of its update B·A, and its strength. */
export class LoraFactors extends Module {
  /** `[r, in]`, float32. */
  A: Tensor;
  /** `[out, r]`, float32. */
  B: Tensor;
  /** `[out]`, float32: the norms of the rows, for DoRA. */
  magnitude: Tensor | undefined;
  /** Multiplies the strength; set by {@link setAdapterScale}. */
  factor = 1;
  readonly r: number;
  readonly loraAlpha: number;
  readonly useRslora: boolean;
  readonly loraDropout: number;
  /** It belongs to a table, not to a linear map. */
  readonly table: boolean;

  constructor(options: LoraFactorsOptions) {
    super();
    const { inFeatures, outFeatures, r, rateScale, device, table = false } = options;
    // For a linear map A is U(±1/√in), which is Kaiming's uniform with a = √5.
    const [initializeA, initializeB] = table
      ? [zeroInitializer, normalInitializer(1)]
      : [fanInUniform, zeroInitializer];
    this.r = r;
    this.loraAlpha = options.loraAlpha;
    this.useRslora = options.useRslora;
    this.loraDropout = options.loraDropout;
    this.table = table;
    this.A = scope(() => parameter(initializeA([r, inFeatures]).to(device), { kind: 'vector' }));
    this.B = scope(() => parameter(initializeB([outFeatures, r]).to(device), { kind: 'vector', rateScale }));
  }

  override extraRepr(): string {
    return `rank ${this.r}, scaled by ${this.scaling}${this.magnitude === undefined ? '' : ', DoRA'}`;
  }

  /** The factor on B·A. */
  get scaling(): number {
    const { r, loraAlpha, useRslora, factor } = this;
    return computeScaling({ r, loraAlpha, useRslora, factor });
  }

  /**
   * s·B·A·x of the adapter's input. The factor s is on the r values between the maps, of which there are fewest, forward and
   * backward.
   * @param x - `[…, in]`, floating
   * @returns `[…, out]` in the dtype of the factors, or the one of autocast
   */
  project(x: Tensor): Tensor {
    return linear(this.reduceInput(x).mul(this.scaling), this.B);
  }

  /**
   * A·x of the adapter's input.
   * @param x - `[…, in]`, floating
   * @returns `[…, r]` in the dtype of the factors, or the one of autocast
   */
  reduceInput(x: Tensor): Tensor {
    return linear(this.cast(x), this.A);
  }

  /**
   * The input of the adapter, dropped where dropout is active.
   * @param x - `[…, in]`, floating
   * @param training - dropout is active
   * @returns the shape of `x`
   */
  drop(x: Tensor, training: boolean): Tensor {
    return training && this.loraDropout > 0 ? dropout(x, this.loraDropout, { training }) : x;
  }

  /** The update of the weight, scaled, `[out, in]`, float32. */
  computeDelta(): Tensor {
    return scope(() => this.B.to('float32').mm(this.A.to('float32')).mul(this.scaling));
  }

  private cast(x: Tensor): Tensor {
    const autocast = getAutocastDType(x.device.startsWith('cuda') ? 'cuda' : 'cpu') !== undefined;
    return x.dtype === this.A.dtype || autocast ? x : x.to(this.A.dtype);
  }
}
