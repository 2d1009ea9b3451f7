import { matmul, reshape, sum, transpose } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import {
  abs,
  add,
  clip,
  log,
  maximum,
  minimum,
  mul,
  pow,
  relu,
  square,
  stopGradient,
} from "../../../core/graph/elementwise.ts";
import { cast } from "../../../core/graph/cast.ts";
import { constant, input } from "../../../core/graph/node.ts";
import { gather } from "../../../core/graph/indexing.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { greater } from "../../../core/graph/comparison.ts";
import { max } from "../../../core/graph/reduce.ts";
import { split } from "../../../core/graph/shape.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { Tensors } from "../../../core/device/device.ts";
import { nodeOperators } from "../../helpers/onnx_inspection.ts";

const x = input("x", "float32", [3]);
const y = input("y", "float32", [3]);

/** The values of some tensors of `x` = [1, 2, 3] and `y` = [4, 5, 6]. */
async function evaluate(...tensors: readonly Tensor[]): Promise<number[][]> {
  const device = await openDevice("cpu");
  const program = await device.compile({
    inputs: [x, y],
    outputs: Object.fromEntries(tensors.map((tensor, i) => [`out${i}`, tensor])),
  });
  const given: Tensors = {
    x: device.upload(Float32Array.of(1, 2, 3), [3], "float32"),
    y: device.upload(Float32Array.of(4, 5, 6), [3], "float32"),
  };
  const results = await program.run(given);
  const values: number[][] = [];
  for (const i of tensors.keys()) {
    values.push(Array.from(await results[`out${i}`]!.read(), Number));
  }
  for (const tensor of [...Object.values(given), ...Object.values(results)]) tensor.dispose();
  await program.dispose();
  await device.dispose();
  return values;
}

Deno.test("gradient: a tensor that the output does not depend on gets zeros", async () => {
  const [dx, dy] = gradient(sum(square(x)), [x, y]);
  expect(dy!.shape).toEqual([3]);
  expect(await evaluate(dx!, dy!)).toEqual([[2, 4, 6], [0, 0, 0]]);
});

Deno.test("gradient: a tensor used several times gets the sum of its gradients", async () => {
  // d/dx Σ (x·x + x·y + x) = 2x + y + 1.
  const [dx] = gradient(sum(add(add(mul(x, x), mul(x, y)), x)), [x]);
  expect(await evaluate(dx!)).toEqual([[7, 10, 13]]);
});

Deno.test("gradient: a long chain is differentiated without recursion", async () => {
  let chain = x;
  for (let i = 0; i < 5_000; i++) chain = add(chain, y);
  const [dx, dy] = gradient(sum(chain), [x, y]);
  expect(await evaluate(dx!)).toEqual([[1, 1, 1]]);
  expect(dy!.shape).toEqual([3]);
});

Deno.test("gradient: a seed of the output's shape weighs the output", async () => {
  const [dx] = gradient(square(x), [x], constant([1, 10, 100], [3]));
  expect(await evaluate(dx!)).toEqual([[2, 40, 600]]);
  const [again] = gradient(square(x), [x], y);
  expect(await evaluate(again!)).toEqual([[8, 20, 36]]);
});

Deno.test("gradient: the output itself, and tensors between, can be asked for", async () => {
  const middle = mul(x, y);
  const output = sum(square(middle));
  const [own, between, dx] = gradient(output, [output, middle, x]);
  // d/dm Σ m² = 2m and d/dx Σ (x·y)² = 2·x·y².
  expect(await evaluate(own!, between!, dx!)).toEqual([[1], [8, 20, 36], [32, 100, 216]]);
});

Deno.test("gradient: a transposed tensor gets its gradient through a second transposition", async () => {
  const turned = transpose(reshape(mul(x, y), [3, 1]));
  const [g] = gradient(sum(square(transpose(turned))), [turned]);
  expect(g!.shape).toEqual([1, 3]);
  expect(await evaluate(g!)).toEqual([[8, 20, 36]]);
});

Deno.test("gradient: one piece of a split does not depend on the other", async () => {
  const [a, b] = split(x, [1, 2], 0);
  const [da, db] = gradient(sum(square(b!)), [a!, b!]);
  expect(await evaluate(da!, db!)).toEqual([[0], [4, 6]]);
});

Deno.test("gradient: nothing flows through stopGradient, comparisons and integers", async () => {
  const whole = cast(cast(mul(x, 1.5), "int64"), "float32");
  const output = sum(add(mul(stopGradient(x), x), add(whole, cast(greater(x, 2), "float32"))));
  const [dx] = gradient(output, [x]);
  // Only the second factor of x·x counts.
  expect(await evaluate(dx!)).toEqual([[1, 2, 3]]);
});

Deno.test("gradient: ties and kinks follow PyTorch", async () => {
  const one = constant([1, 1, 1], [3]);
  const two = constant([2, 2, 2], [3]);
  const zero = mul(x, 0);
  const of = (f: Tensor, wrt: Tensor) => gradient(sum(f), [wrt])[0]!;
  const tied = mul(x, 0);
  expect(
    await evaluate(
      of(maximum(x, two), x),
      of(minimum(x, two), x),
      of(max(tied), tied),
      of(relu(zero), zero),
      of(abs(zero), zero),
      of(clip(x, 1, 2), x),
      of(pow(zero, one), zero),
      of(pow(zero, zero), zero),
    ),
  ).toEqual([
    [0, 0.5, 1],
    [1, 0.5, 0],
    [1 / 3, 1 / 3, 1 / 3].map(Math.fround),
    [0, 0, 0],
    [0, 0, 0],
    [1, 1, 0],
    [1, 1, 1],
    [0, 0, 0],
  ]);
});

Deno.test("gradient: powers of numbers that are not positive", async () => {
  const base = add(mul(x, 0), constant([-2, 0, 2], [3]));
  const exponent = add(mul(y, 0), constant([3, 2, 2], [3]));
  const [db, de] = gradient(sum(pow(base, exponent)), [base, exponent]);
  const [values, logs] = await evaluate(db!, de!);
  // b·a^(b−1): 3·4, 2·0, 2·2. a^b·log a where a is positive: 0, 0, 4·log 2.
  expect(values).toEqual([12, 0, 4]);
  for (const [i, value] of [0, 0, 4 * Math.LN2].entries()) expect(logs![i]).toBeCloseTo(value, 5);
});

Deno.test("gradient: higher derivatives of a power", async () => {
  // d³/dx³ x³ = 6, d⁴/dx⁴ = 0; at 0 too, where 0·0⁻¹ would be no number.
  const zero = mul(x, 0);
  let derivative = pow(zero, 3);
  const found: Tensor[] = [];
  for (let order = 1; order <= 4; order++) {
    derivative = gradient(sum(derivative), [zero])[0]!;
    found.push(derivative);
  }
  expect(await evaluate(...found)).toEqual([[0, 0, 0], [0, 0, 0], [6, 6, 6], [0, 0, 0]]);
});

Deno.test("gradient: a frozen branch has no backward nodes in the model", () => {
  const a = input("a", "float32", [2, 2]);
  const frozen = input("frozen", "float32", [2, 2]);
  const trained = input("trained", "float32", [2, 2]);
  const hidden = matmul(log(a), frozen);
  const output = sum(matmul(hidden, trained));
  // One product for the value of `hidden`, one for the gradient of `trained`; nothing for `frozen`
  // or `a`: the logarithm's rule would bring a division.
  const [only] = gradient(output, [trained]);
  const few = nodeOperators({ inputs: [a, frozen], outputs: { only: only! } });
  expect(few.filter((op) => op === "MatMul")).toHaveLength(2);
  expect(few).not.toContain("Div");
  // With respect to `a` the chain goes on: two products on the way back, and the division.
  const [all] = gradient(output, [a]);
  const more = nodeOperators({ inputs: [a, frozen, trained], outputs: { all: all! } });
  expect(more.filter((op) => op === "MatMul")).toHaveLength(2);
  expect(more).toContain("Div");
});

Deno.test("gradient: an output that is no scalar needs a seed", () => {
  expect(() => gradient(x, [x])).toThrow(TypeError);
  expect(() => gradient(x, [x])).toThrow("found [3] without one");
});

Deno.test("gradient: a seed of another shape or type is refused", () => {
  expect(() => gradient(x, [x], constant([1, 2], [2]))).toThrow(
    "expected a seed float32 [3], found float32 [2]",
  );
  expect(() => gradient(x, [x], constant([1, 2, 3], [3], "float64"))).toThrow(
    "expected a seed float32 [3], found float64 [3]",
  );
});

Deno.test("gradient: int32 positions have no gradient to scatter", () => {
  const positions = constant([1], [1], "int32");
  expect(() => gradient(sum(gather(x, positions)), [x])).toThrow(TypeError);
});
