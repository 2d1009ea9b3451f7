/**
 * Attention and rotary positions.
 *
 * @module
 */
import { cast } from "../../cast.ts";
import { where } from "../../comparison.ts";
import { add, div, mul, sub, tanh } from "../../elementwise.ts";
import { gather } from "../../indexing.ts";
import { expand, matmul, reshape, transpose } from "../../linear.ts";
import { constant, scalar } from "../../node.ts";
import { concat, pad, slice, split } from "../../shape.ts";
import { softmax, softmaxOrZero } from "../../softmax.ts";
import type { Tensor } from "../../tensor.ts";
import type { OnnxCall, Rules } from "../call.ts";

/** Attention of set 23 and later, RotaryEmbedding. */
export const attendingRules: Rules = {
  Attention: attention,
  RotaryEmbedding: rotary,
};

function attention(call: OnnxCall): readonly (Tensor | undefined)[] {
  const { input, optional, int, float, refuse, uses } = call;
  const isFlat = input(0).shape.length === 3;
  const [queryHeads, keyHeads] = [int("q_num_heads"), int("kv_num_heads")];
  const heads = (x: Tensor, count: number | undefined) => {
    if (!isFlat) return x;
    const [batch, length, width] = x.shape as [number, number, number];
    const number = count ?? refuse("a number of heads", "none");
    return transpose(reshape(x, [batch, length, number, width / number]), [0, 2, 1, 3]);
  };
  const query = heads(input(0), queryHeads);
  const [pastKey, pastValue] = [optional(4), optional(5)];
  const after = (past: Tensor | undefined, now: Tensor) =>
    past === undefined ? now : concat([past, now], 2);
  const key = after(pastKey, heads(input(1), keyHeads));
  const value = after(pastValue, heads(input(2), keyHeads));
  if (optional(6) !== undefined) refuse("no nonpad_kv_seqlen", "one");
  const [batch, number, rows, width] = query.shape as [number, number, number, number];
  const columns = key.shape[2]!;
  const scale = float("scale", 1 / Math.sqrt(width));
  const cap = float("softcap", 0);
  const mode = int("qk_matmul_output_mode", 0);
  const precision = int("softmax_precision");
  if (precision !== undefined && precision !== 1 || query.dtype === "float16") {
    refuse("a softmax in float32", precision === undefined ? query.dtype : `type ${precision}`);
  }
  const shared = (x: Tensor) => repeatHeads(x, number);
  const scores = mul(matmul(query, transpose(shared(key))), scale);
  const capped = cap === 0 ? scores : mul(tanh(div(scores, cap)), cap);
  const biased = withMask(call, capped, { rows, columns, past: pastKey?.shape[2] ?? 0 });
  // Only a mask can leave a row without any key.
  const weights = biased === capped ? softmax(biased) : softmaxOrZero(biased);
  const result = matmul(weights, shared(value));
  const y = isFlat ? reshape(transpose(result, [0, 2, 1, 3]), [batch, rows, -1]) : result;
  const shown = [scores, capped, biased, weights][mode] ??
    refuse("a qk_matmul_output_mode from 0 to 3", `${mode}`);
  // Versions number two of these modes otherwise, and the masks of set 23 stand in another order.
  if (uses(3) && call.opset < 25 && (mode === 1 || mode === 2)) {
    refuse("a qk_matmul_output_mode that means the same in all versions", `${mode}`);
  }
  return [y, key, value, shown];
}

/** As many heads as the queries have, each of the keys' standing for its group. */
function repeatHeads(x: Tensor, heads: number): Tensor {
  const [batch, own, length, width] = x.shape as [number, number, number, number];
  if (own === heads) return x;
  const each = heads / own;
  return reshape(
    expand(reshape(x, [batch, own, 1, length, width]), [batch, own, each, length, width]),
    [batch, heads, length, width],
  );
}

function withMask(
  { optional, int }: OnnxCall,
  scores: Tensor,
  { rows, columns, past }: {
    readonly rows: number;
    readonly columns: number;
    readonly past: number;
  },
): Tensor {
  const [isCausal, left, right] = [
    int("is_causal", 0) === 1,
    int("left_window_size", -1),
    int("right_window_size", -1),
  ];
  let masked = scores;
  if (isCausal || left >= 0 || right >= 0) {
    const hidden = Array.from({ length: rows * columns }, (_, i) => {
      const ahead = i % columns - Math.floor(i / columns) - past;
      return isCausal && ahead > 0 || left >= 0 && -ahead > left || right >= 0 && ahead > right;
    });
    masked = where(constant(hidden.map(Number), [rows, columns], "bool"), -Infinity, masked);
  }
  const mask = optional(3);
  if (mask === undefined) return masked;
  const axis = mask.shape.length - 1;
  const missing = mask.shape[axis] === 1 ? 0 : columns - mask.shape[axis]!;
  const isSeen = mask.dtype === "bool";
  const bias = isSeen ? where(mask, scalar(0, scores.dtype), -Infinity) : cast(mask, scores.dtype);
  if (missing === 0) return add(masked, bias);
  const line = constant(
    Array.from({ length: columns }, (_, i) => Number(i >= columns - missing)),
    [columns],
    "bool",
  );
  return where(line, -Infinity, add(masked, pad(bias, { axis, before: 0, after: missing })));
}

function rotary({ input, optional, int, refuse }: OnnxCall): Tensor {
  const [x, cosines, sines, places] = [input(0), input(1), input(2), optional(3)];
  const isFlat = x.shape.length === 3;
  const count = int("num_heads", 0);
  const isInterleaved = int("interleaved", 0) === 1;
  if (isFlat && count === 0) refuse("a number of heads", "none");
  const [batch, length] = isFlat ? x.shape : [x.shape[0], x.shape[2]];
  // [batch, length, heads, width]
  const rows = isFlat ? reshape(x, [batch!, length!, count, -1]) : transpose(x, [0, 2, 1, 3]);
  const width = rows.shape[3]!;
  const turned = int("rotary_embedding_dim", 0) || width;
  const half = turned / 2;
  const angles = (table: Tensor) => {
    const found = places === undefined ? table : gather(table, cast(places, "int64"));
    return reshape(
      slice(found, { axis: found.shape.length - 1, start: 0, end: half }),
      [batch!, length!, 1, half],
    );
  };
  const [cos, sin] = [angles(cosines), angles(sines)];
  const part = slice(rows, { axis: 3, start: 0, end: turned });
  const shape = part.shape;
  const pairs = isInterleaved
    ? transpose(reshape(part, [...shape.slice(0, 3), half, 2]), [0, 1, 2, 4, 3])
    : reshape(part, [...shape.slice(0, 3), 2, half]);
  const [a, b] = split(pairs, [1, 1], 3).map((each) =>
    reshape(each, [...shape.slice(0, 3), half])
  ) as [Tensor, Tensor];
  const both = [sub(mul(a, cos), mul(b, sin)), add(mul(a, sin), mul(b, cos))]
    .map((each) =>
      reshape(
        each,
        isInterleaved ? [...shape.slice(0, 3), half, 1] : [...shape.slice(0, 3), 1, half],
      )
    );
  const joined = reshape(concat(both, isInterleaved ? 4 : 3), shape);
  const whole = turned === width
    ? joined
    : concat([joined, slice(rows, { axis: 3, start: turned, end: width })], 3);
  return isFlat ? reshape(whole, x.shape) : transpose(whole, [0, 2, 1, 3]);
}
