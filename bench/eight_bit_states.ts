/**
 * What block-wise 8-bit states of Adam (Dettmers et al. 2022) would cost on the native CPU: an update
 * with states in float32 beside one that looks its states up in a table of 256 values and finds the
 * codes of the new ones by halving, with ONNX's operators. Alternating, medians of seven.
 *
 *     deno run -A bench/eight_bit_states.ts
 *
 * @module
 */
import { cast } from "../core/graph/cast.ts";
import { greaterOrEqual } from "../core/graph/comparison.ts";
import { abs, add, div, mul, sqrt } from "../core/graph/elementwise.ts";
import { gather } from "../core/graph/indexing.ts";
import { input } from "../core/graph/node.ts";
import { maxOfNumbers } from "../core/graph/reduce.ts";
import type { Tensor } from "../core/graph/tensor.ts";
import type { Program, Tensors } from "../core/device/device.ts";
import { openDevice } from "../core/host/devices/open_device.ts";

/** Values that share a scale, and all values. */
const BLOCK = 2048;
const VALUES = 2 ** 21;
const shape = [VALUES / BLOCK, BLOCK];
const scales = [VALUES / BLOCK, 1];

const [p, g] = [input("p", "float32", shape), input("g", "float32", shape)];
const table = input("table", "float32", [256]);

function update(m: Tensor, v: Tensor) {
  const first = add(mul(m, 0.9), mul(g, 0.1));
  const second = add(mul(v, 0.999), mul(mul(g, g), 0.001));
  return { next: add(p, mul(div(first, add(sqrt(second), 1e-8)), -1e-3)), first, second };
}

function state(name: string) {
  const codes = input(`${name} codes`, "uint8", shape);
  const scale = input(`${name} scale`, "float32", scales);
  return { inputs: [codes, scale], values: mul(gather(table, cast(codes, "int32")), scale) };
}

function encode(x: Tensor): readonly [codes: Tensor, scale: Tensor] {
  const scale = add(maxOfNumbers(abs(x), [1], { keepDims: true }), 1e-12);
  const y = div(x, scale);
  let code = mul(y, 0);
  for (let bit = 128; bit >= 1; bit /= 2) {
    const value = gather(table, cast(add(code, bit), "int32"));
    code = add(code, mul(cast(greaterOrEqual(y, value), "float32"), bit));
  }
  return [cast(code, "uint8"), scale];
}

const device = await openDevice("cpu");
const [m, v] = [input("m", "float32", shape), input("v", "float32", shape)];
const whole = await device.compile({ inputs: [p, g, m, v], outputs: update(m, v) });
const [first, second] = [state("m"), state("v")];
const updated = update(first.values, second.values);
const [[mCodes, mScale], [vCodes, vScale]] = [encode(updated.first), encode(updated.second)];
const eightBit = await device.compile({
  inputs: [p, g, table, ...first.inputs, ...second.inputs],
  outputs: { next: updated.next, mCodes, mScale, vCodes, vScale },
});

const zeros = device.zeros(shape, "float32");
const [noCodes, noScales] = [device.zeros(shape, "uint8"), device.zeros(scales, "float32")];
const gradient = Float32Array.from({ length: VALUES }, (_, i) => Math.sin(i));
const values = Float32Array.from({ length: 256 }, (_, i) => ((i - 128) / 128) ** 3);
const common = { p: zeros, g: device.upload(gradient, shape, "float32") };
const inputs: readonly (readonly [Program, Tensors])[] = [
  [whole, { ...common, m: zeros, v: zeros }],
  [eightBit, {
    ...common,
    table: device.upload(values, [256], "float32"),
    ...{ "m codes": noCodes, "m scale": noScales, "v codes": noCodes, "v scale": noScales },
  }],
];
const times: number[][] = [[], []];
for (let round = 0; round < 7; round++) {
  for (const [i, [program, tensors]] of inputs.entries()) {
    const started = performance.now();
    const results = await program.run(tensors);
    times[i]!.push(performance.now() - started);
    for (const result of Object.values(results)) result.dispose();
  }
}
const [plain, coded] = times.map((each) => each.toSorted((a, b) => a - b)[3]!);
console.log(
  `an update of ${VALUES} values: ${plain!.toFixed(1)} ms, with 8-bit states ${
    coded!.toFixed(1)
  } ms, ${(coded! / plain!).toFixed(1)} times`,
);
await device.dispose();
