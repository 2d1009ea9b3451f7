/**
 * Rotary positions: queries and keys are turned by angles that their places give, so that their
 * products depend on how far apart they are (Su et al. 2021).
 *
 * @module
 */
import { matmul } from "../graph/linear.ts";
import { add, mul } from "../graph/elementwise.ts";
import { constant } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";

/** The angles of every token, for each channel of a head; channels are turned in pairs. */
export interface Rotary {
  /** `[tokens, depth]`. */
  readonly cosine: Tensor;
  /** `[tokens, depth]`. */
  readonly sine: Tensor;
}

/** What {@linkcode gridRotary} is made of. */
export interface GridRotaryOptions {
  /** Patches along a side. */
  readonly grid: number;
  /** Patches along a side of the pictures that the weights were first trained on. Default: `grid`. */
  readonly reference?: number;
  /** Channels of a head, a multiple of 4. */
  readonly depth: number;
  /** Tokens before the patches, which are not turned. */
  readonly before: number;
  /** Added to every place. Default 0. */
  readonly offset?: number;
  /** Which half of the channels is turned by the row: the first (`"rows"`, the default) or the second. */
  readonly first?: "rows" | "columns";
}

/** The slowest channels turn by `1/10000` of a patch. */
const TEMPERATURE = 10_000;

/**
 * Angles by row and column of a square grid of patches, as timm's `RotaryEmbeddingCat` gives them with
 * `in_pixels=False`: half of a head's channels turn by the row, half by the column, with frequencies
 * `10000^(−i/(depth/4))`.
 */
export function gridRotary(options: GridRotaryOptions): Rotary {
  const { grid, reference = grid, depth, before, offset = 0, first = "rows" } = options;
  const tokens = before + grid * grid;
  const bands = depth / 4;
  const cosine = new Float32Array(tokens * depth).fill(1);
  const sine = new Float32Array(tokens * depth);
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      const start = (before + row * grid + column) * depth;
      const places = first === "rows" ? [row, column] : [column, row];
      for (const [axis, place] of places.entries()) {
        for (let band = 0; band < bands; band++) {
          const at = (place + offset) / grid * reference;
          const angle = at * TEMPERATURE ** (-band / bands);
          const channel = start + axis * (depth / 2) + 2 * band;
          cosine.fill(Math.cos(angle), channel, channel + 2);
          sine.fill(Math.sin(angle), channel, channel + 2);
        }
      }
    }
  }
  return {
    cosine: constant(cosine, [tokens, depth]),
    sine: constant(sine, [tokens, depth]),
  };
}

/**
 * Turns neighbouring channels, `(a, b)` becoming `(a·cos − b·sin, b·cos + a·sin)`.
 *
 * @param x `[batch, heads, tokens, depth]`.
 */
export function rotate(x: Tensor, { cosine, sine }: Rotary): Tensor {
  const depth = x.shape[3]!;
  // A product with a matrix of 0 and ±1 gives each pair's other channel; its gradient is a product too.
  const swap = new Float32Array(depth * depth);
  for (let channel = 0; channel < depth; channel += 2) {
    swap[(channel + 1) * depth + channel] = -1;
    swap[channel * depth + channel + 1] = 1;
  }
  const other = matmul(x, constant(swap, [depth, depth]));
  return add(mul(x, cosine), mul(other, sine));
}
