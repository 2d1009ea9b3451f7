import { expect } from "expect";
import { forCpu } from "../../../core/graph/cpu_forms.ts";
import { mul } from "../../../core/graph/elementwise.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { gemm, matmul, sum, transpose } from "../../../core/graph/linear.ts";
import { input, sizeOf } from "../../../core/graph/node.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { mixValues } from "../../../core/nn/attention.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { modelOf } from "../../helpers/onnx_inspection.ts";

/** The operators of the forms of a graph, each transposing one with its order of axes. */
function operatorsOf(inputs: readonly Tensor[], outputs: readonly Tensor[]): string[] {
  const named = Object.fromEntries(forCpu(outputs).map((tensor, i) => [`y${i}`, tensor]));
  return modelOf({ inputs, outputs: named }).graph!.node
    .filter(({ opType }) => opType !== "Reshape")
    .map(({ opType, attribute }) =>
      [opType, ...attribute.filter(({ name }) => name === "perm").map(({ ints }) => ints.join(""))]
        .join(" ")
    );
}

Deno.test("forCpu: a first factor is transposed before its product", () => {
  const a = input("a", "float32", [3, 2]);
  const b = input("b", "float32", [3, 4]);
  const c = input("c", "float32", [2, 4]);
  const y = gemm(a, b, c, { transposeA: true });
  expect(operatorsOf([a, b, c], [y])).toEqual(["Transpose 10", "Gemm"]);
  const [product] = forCpu([y]);
  expect(product!.node.inputs.slice(1)).toEqual([b, c]);
  expect(product!.node.attributes).toEqual({ transA: { int: 0 }, transB: { int: 0 } });
});

Deno.test("forCpu: attention and its gradient move whole rows of heads, never single numbers", () => {
  const inputs = ["q", "k", "v", "seed"].map((name) => input(name, "float32", [3 * 5, 8]));
  const [q, k, v, seed] = inputs as [Tensor, Tensor, Tensor, Tensor];
  const mixed = mixValues([q, k, v], { batch: 3, heads: 2 });
  const operators = operatorsOf(inputs, [mixed, ...gradient(sum(mul(mixed, seed)), [q, k, v])]);
  const orders = operators.filter((each) => each.startsWith("Transpose"));
  expect(new Set(orders)).toEqual(new Set(["Transpose 0213"]));
  // Scores, their mixture, and the four gradients of the two.
  expect(operators.filter((each) => each === "FusedMatMul" || each === "MatMul")).toHaveLength(6);
});

Deno.test("forCpu: what is transposed and used elsewhere too stays", () => {
  const inputs = ["a", "b"].map((name) => input(name, "float32", [2, 3, 3]));
  const product = matmul(inputs[0]!, inputs[1]!);
  expect(operatorsOf(inputs, [transpose(product)])).toEqual(["FusedMatMul"]);
  expect(operatorsOf(inputs, [transpose(product), product])).toEqual(["MatMul", "Transpose 021"]);
});

Deno.test("forCpu: products of factors in any order of axes, and of any order of their own", async () => {
  const lengths = [2, 3, 4, 5];
  const places = permutations([0, 1, 2, 3]);
  const inputs: Tensor[] = [];
  // A tensor of any layout that has the shape once its axes are in the given order.
  const laidOut = (name: string, shape: readonly number[], order: readonly number[]) => {
    const stored = shape.map((_, axis) => shape[order.indexOf(axis)]!);
    inputs.push(input(name, "float32", stored));
    return transpose(inputs.at(-1)!, order);
  };
  const outputs = places.flatMap((order, i) => {
    const a = laidOut(`a${i}`, lengths, order);
    const b = laidOut(`b${i}`, [2, 3, 5, 6], places[(i * 7 + 3) % places.length]!);
    // Each used once by itself: what is used twice stays.
    return [matmul(a, b), transpose(matmul(a, b), places[(i * 5 + 1) % places.length]!)];
  });
  const signature = {
    inputs,
    outputs: Object.fromEntries(outputs.map((tensor, i) => [`y${i}`, tensor])),
  };
  const read = async (kind: "cpu" | "wasm") => {
    const device = await openDevice(kind);
    const program = await device.compile(signature);
    const given = Object.fromEntries(inputs.map(({ node, shape }, which) => {
      const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(7 * i + which));
      return [node.inputName!, device.upload(data, shape, "float32")];
    }));
    const results = Object.values(await program.run(given));
    const values = await Promise.all(results.map((each) => each.read())) as Float32Array[];
    for (const tensor of [...results, ...Object.values(given)]) tensor.dispose();
    await program.dispose();
    await device.dispose();
    return values;
  };
  const [forms, plain] = [await read("cpu"), await read("wasm")];
  for (const [i, values] of forms.entries()) {
    expect(values).toHaveLength(sizeOf(outputs[i]!.shape));
    expect(relativeDifference(values, plain[i]!)).toBeLessThan(1e-6);
  }
});

function permutations(of: readonly number[]): number[][] {
  if (of.length === 0) return [[]];
  return of.flatMap((each) =>
    permutations(of.filter((other) => other !== each)).map((rest) => [each, ...rest])
  );
}
