import { expect } from "expect";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { add, mul } from "../../../core/graph/elementwise.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { expand, matmul, reshape } from "../../../core/graph/linear.ts";
import { ofAnyLength } from "../../../core/graph/named_axis.ts";
import { constant, input } from "../../../core/graph/node.ts";
import { toModel } from "../../../core/graph/to_model.ts";

/** What a tower does with its batch: rows laid flat, a token before each, every first row taken. */
function graphOf(length: number) {
  const x = input("x", "float32", [length, 2, 3]);
  const token = expand(constant([10, 20, 30], [1, 1, 3]), [length, 1, 3]);
  const placed = add(x, token);
  const flat = reshape(placed, [length * 2, 3]);
  const starts = constant(Array.from({ length }, (_, i) => 2 * i + 1), [length], "int64");
  const output = matmul(gather(flat, starts), constant([1, 1, 1], [3, 1]));
  return { length, input: x, output };
}

Deno.test("ofAnyLength: a graph of two lengths is right for others", async () => {
  const [two, three] = [graphOf(2), graphOf(3)];
  const output = ofAnyLength(two, three);
  const bytes = toModel({ inputs: [two.input], outputs: { output } }, {
    axes: new Map([[two.input, ["batch"]], [output, ["batch"]]]),
  });
  // By ONNX Runtime's own interface, for devices know no open axes.
  const session = await InferenceSession.create(bytes);
  for (const length of [1, 2, 5]) {
    const data = Float32Array.from({ length: length * 6 }, (_, i) => i);
    const { output: found } = await session.run({
      x: new Tensor("float32", data, [length, 2, 3]),
    });
    // The second row of each: 6·i + 3, 4 and 5, and the token's 60.
    const expected = Array.from({ length }, (_, i) => 3 * 6 * i + 12 + 60);
    expect([found!.dims, [...found!.data as Float32Array]]).toEqual([[length, 1], expected]);
  }
  await session.release();
});

Deno.test("ofAnyLength: what follows the length in another way is refused", () => {
  const square = (length: number) => {
    const x = input("x", "float32", [length]);
    const factors = constant(Array.from({ length }, (_, i) => i * i * 0.5), [length]);
    return { length, input: x, output: mul(x, factors) };
  };
  expect(() => ofAnyLength(square(2), square(3))).toThrow(
    "expected constants that follow the length, found float32 [2] of 2 values at 2 and [3] at 3",
  );
  const other = { ...square(3), output: add(square(3).output, square(3).input) };
  expect(() => ofAnyLength(square(2), other)).toThrow("expected two graphs of equal nodes");
});
