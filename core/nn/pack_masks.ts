import { cast } from "../graph/cast.ts";
import { greater, where } from "../graph/comparison.ts";
import { gather } from "../graph/indexing.ts";
import { reshape } from "../graph/linear.ts";
import { constant } from "../graph/node.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { PackTensors } from "../model.ts";

/**
 * What the rows of packs look at, for `encodeSequences`: 0 where row `j` is on the way to row `i`, `i`
 * itself included, −∞ elsewhere.
 *
 * @returns `mask`, `[packs, 1, rows, rows]`, and of its rows those of the end tokens, `wantedMask`,
 *   `[packs, 1, ends, rows]`.
 */
export function packMasks(
  { exits, ends }: Pick<PackTensors, "exits" | "ends">,
): { readonly mask: Tensor; readonly wantedMask: Tensor } {
  const [packs, rows] = exits.shape as readonly [number, number];
  const place = constant(Array.from({ length: rows }, (_, i) => i), [1, rows, 1]);
  const stillInside = greater(reshape(exits, [packs, 1, rows]), place);
  const mask = where(stillInside, causalMask(rows), constant([-Infinity], []));
  const wantedMask = gather(reshape(mask, [packs * rows, rows]), ends);
  return {
    mask: reshape(mask, [packs, 1, rows, rows]),
    wantedMask: reshape(wantedMask, [packs, 1, -1, rows]),
  };
}

/** `[tokens, tokens]`: 0 where a token looks at itself or an earlier one, −∞ elsewhere. */
export function causalMask(tokens: number): Tensor {
  const mask = new Float32Array(tokens * tokens);
  for (let i = 0; i < tokens; i++) mask.fill(-Infinity, i * tokens + i + 1, (i + 1) * tokens);
  return constant(mask, [tokens, tokens]);
}

/**
 * `[batch, 1, 1, places]`: what a single token of each text looks at, 0 up to the place `last` of it and
 * −∞ behind.
 *
 * @param last `[batch]`
 * @param places The places of the tokens.
 */
export function maskAfter(last: Tensor, places: readonly number[]): Tensor {
  const place = constant(places, [1, places.length]);
  const most = reshape(cast(last, "float32"), [-1, 1]);
  const mask = where(greater(place, most), constant([-Infinity], []), constant([0], []));
  return reshape(mask, [last.shape[0]!, 1, 1, places.length]);
}
