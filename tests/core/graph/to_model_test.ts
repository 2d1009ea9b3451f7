import { matmul, reshape, sum } from "../../../core/graph/linear.ts";
import { expect } from "expect";
import { add, mul, square } from "../../../core/graph/elementwise.ts";
import { apply, constant, input } from "../../../core/graph/node.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { opset, toModel } from "../../../core/graph/to_model.ts";
import { softmax } from "../../../core/graph/softmax.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { modelOf, nodeOperators } from "../../helpers/onnx_inspection.ts";

const x = input("x", "float32", [2]);

/** Runs a graph of `x` = [3, 4] on the CPU. */
async function run(outputs: Readonly<Record<string, Tensor>>): Promise<Record<string, number[]>> {
  const device = await openDevice("cpu");
  const program = await device.compile({ inputs: [x], outputs });
  const given = device.upload(Float32Array.of(3, 4), [2], "float32");
  const results = await program.run({ x: given });
  const values: Record<string, number[]> = {};
  for (const [name, tensor] of Object.entries(results)) {
    values[name] = Array.from(await tensor.read(), Number);
    tensor.dispose();
  }
  given.dispose();
  await program.dispose();
  await device.dispose();
  return values;
}

/** A small training graph, made anew at each call. */
function training(): { readonly inputs: readonly Tensor[]; readonly loss: Tensor } {
  const data = input("data", "float32", [2, 3]);
  const weight = input("weight", "float32", [3, 4]);
  const scale = input("scale", "float32", [4]);
  const shift = input("shift", "float32", [4]);
  const hidden = layerNormalization(matmul(data, weight), scale, shift);
  return { inputs: [data, weight, scale, shift], loss: sum(square(softmax(hidden))) };
}

function step() {
  const { inputs, loss } = training();
  const [weight] = gradient(loss, [inputs[1]!]);
  return { inputs, outputs: { loss, gradient: weight! } };
}

Deno.test("toModel: writes types, shapes, names and operators", () => {
  const { graph, opsetImport } = modelOf({ inputs: [x], outputs: { y: add(x, 1) } });
  expect(opsetImport.find(({ domain }) => domain === "")!.version).toBe(BigInt(opset));
  expect(graph!.input.map(({ name }) => name)).toEqual(["x"]);
  expect(graph!.output.map(({ name }) => name)).toEqual(["y"]);
  expect(graph!.node.map(({ opType, output }) => [opType, output])).toEqual([["Add", ["y"]]]);
  const type = graph!.input[0]!.type!.value;
  if (type.case !== "tensorType") throw new Error(`expected a tensor, found ${type.case}`);
  // TensorProto.DataType: FLOAT = 1.
  expect(type.value.elemType).toBe(1);
  expect(type.value.shape!.dim.map(({ value }) => value.value)).toEqual([2n]);
  // 1 as a little-endian float32.
  expect([...graph!.initializer[0]!.rawData]).toEqual([0, 0, 0x80, 0x3f]);
});

Deno.test("toModel: equal graphs give equal bytes", () => {
  expect(toModel(step())).toEqual(toModel(step()));
  const { inputs, loss } = training();
  expect(toModel({ inputs, outputs: { loss } })).not.toEqual(toModel(step()));
});

Deno.test("toModel: a node that several outputs share stands once", () => {
  const squared = square(x);
  const signature = { inputs: [x], outputs: { a: add(squared, 1), b: mul(squared, 2) } };
  expect(nodeOperators(signature).toSorted()).toEqual(["Add", "Mul", "Mul"]);
});

Deno.test("toModel: an output may be an input, a constant, or another output's tensor", async () => {
  const sum = add(x, 1);
  const found = await run({
    same: x,
    fixed: constant([7, 8], [2]),
    first: sum,
    second: sum,
    last: mul(sum, 2),
  });
  expect(found).toEqual({
    same: [3, 4],
    fixed: [7, 8],
    first: [4, 5],
    second: [4, 5],
    last: [8, 10],
  });
});

Deno.test("toModel: an output may be any output of a node with several", async () => {
  const [, mean, inverse] = layerNormalization(
    reshape(x, [1, 2]),
    constant([1, 1], [2]),
    constant([0, 0], [2]),
    0,
  ).node.outputs;
  // The mean of 3 and 4 is 3.5, their variance 1/4, the inverse deviation 2.
  expect(await run({ mean: mean!, inverse: inverse! })).toEqual({ mean: [3.5], inverse: [2] });
});

Deno.test("toModel: names of inputs and outputs never meet those of inner tensors", async () => {
  const t0 = input("t0", "float32", [2]);
  const inner = square(add(mul(t0, 2), 1));
  const names = modelOf({ inputs: [t0], outputs: { t1: inner, t3: add(inner, 1) } }).graph!;
  const all = [
    ...names.input.map(({ name }) => name),
    ...names.initializer.map(({ name }) => name),
    ...names.node.flatMap(({ output }) => output),
  ];
  expect(new Set(all).size).toBe(all.length);
  // (2·3 + 1)² = 49 and (2·4 + 1)² = 81.
  expect(await run({ t0: square(add(mul(x, 2), 1)), t1: x })).toEqual({ t0: [49, 81], t1: [3, 4] });
});

Deno.test("toModel: an input that nothing uses stays an input", () => {
  const { graph } = modelOf({ inputs: [x, input("idle", "int64", [])], outputs: { y: add(x, 1) } });
  expect(graph!.input.map(({ name }) => name)).toEqual(["x", "idle"]);
});

Deno.test("toModel: an optional operand left out is an empty name", () => {
  const clipped = apply("Clip", [x, undefined, constant([1], [])], {
    outputs: [{ dtype: "float32", shape: [2] }],
  })[0]!;
  const [node] = modelOf({ inputs: [x], outputs: { y: clipped } }).graph!.node;
  expect(node!.input.slice(0, 2)).toEqual(["x", ""]);
});

Deno.test("toModel: an input that is not listed is named", () => {
  const forgotten = input("forgotten", "float32", [2]);
  const message = 'input "forgotten", which is not among the inputs';
  expect(() => toModel({ inputs: [x], outputs: { y: add(x, forgotten) } })).toThrow(TypeError);
  expect(() => toModel({ inputs: [x], outputs: { y: add(x, forgotten) } })).toThrow(message);
  // Also where it is an output itself, and where a listed one has the same name.
  expect(() => toModel({ inputs: [x], outputs: { y: forgotten } })).toThrow(message);
  expect(() => toModel({ inputs: [x], outputs: { y: input("x", "float32", [2]) } })).toThrow(
    'input "x", which is not among the inputs',
  );
});

Deno.test("toModel: a listed tensor that is no input is refused", () => {
  const y = add(x, 1);
  expect(() => toModel({ inputs: [y], outputs: { z: y } })).toThrow(TypeError);
  expect(() => toModel({ inputs: [y], outputs: { z: y } })).toThrow("found the result of Add [2]");
});

Deno.test("toModel: a name stands for one tensor", () => {
  const twin = input("x", "float32", [2]);
  expect(() => toModel({ inputs: [x, twin], outputs: { y: add(x, twin) } })).toThrow(TypeError);
  expect(() => toModel({ inputs: [x, twin], outputs: { y: add(x, twin) } })).toThrow(
    'two inputs have the name "x"',
  );
  expect(() => toModel({ inputs: [x], outputs: { x: add(x, 1) } })).toThrow(
    '"x" names an input and an output',
  );
});
