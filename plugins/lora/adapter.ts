/**
 * Adapters: small matrices beside a linear layer's weight.
 *
 * @module
 */

/** The low-rank change of a weight, or of some of its rows (Hu et al. 2021): `W + s·B·A`. */
export interface Adapter {
  /** The layer, as PEFT names it: `text_model.encoder.layers.0.self_attn.q_proj`. */
  readonly module: string;
  /** The tower that the layer belongs to. */
  readonly part: "image" | "text";
  /** The parameter that is changed, `[…, inputs]`. */
  readonly weight: string;
  /** Its rows that are changed. */
  readonly outputs: readonly [start: number, end: number];
  /** Whether these are all of its rows. */
  readonly whole: boolean;
  /** The layer's inputs. */
  readonly inputs: number;
  /** Rows of `A`, columns of `B`. */
  readonly rank: number;
  /** `s`. */
  readonly scaling: number;
  /** Whether the changed rows have a length that is trained by itself (Liu et al. 2024). */
  readonly dora: boolean;
}

/** The parameters of an adapter. */
export interface AdapterNames {
  /** `A`, `[rank, inputs]`. */
  readonly down: string;
  /** `B`, `[outputs, rank]`. */
  readonly up: string;
  /** `[outputs]`: the lengths of the rows, of DoRA alone. */
  readonly magnitude: string;
}

/** What PEFT calls an adapter's parameters, without what it puts before all names. */
export function adapterNames(module: string): AdapterNames {
  return {
    down: `${module}.lora_A.weight`,
    up: `${module}.lora_B.weight`,
    magnitude: `${module}.lora_magnitude_vector`,
  };
}

/** The parameters of adapters with their shapes. */
export function adapterShapes(
  { module, outputs: [start, end], inputs, rank, dora }: Adapter,
): readonly (readonly [name: string, shape: readonly number[]])[] {
  const { down, up, magnitude } = adapterNames(module);
  const outputs = end - start;
  return [
    [down, [rank, inputs]],
    [up, [outputs, rank]],
    ...(dora ? [[magnitude, [outputs]] as const] : []),
  ];
}

/** The factor on `B·A`: `alpha/rank`, or `alpha/√rank` (Kalajdzievski 2023). */
export function scalingOf(
  { alpha, rank, rankStabilized }: {
    readonly alpha: number;
    readonly rank: number;
    readonly rankStabilized: boolean;
  },
): number {
  return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
}
