/**
 * Every operator and its gradient where what goes wrong in silence would show: more terms than a
 * software driver's loops have rounds, means that are large beside the variance, more rows than
 * threads. The CPU in float64 tells what is right; where it has no such kernel, the CPU in float32.
 */
import { expect } from "expect";
import type { Device } from "../../../core/device/device.ts";
import { gelu, quickGelu } from "../../../core/graph/activation.ts";
import { greater, where } from "../../../core/graph/comparison.ts";
import { l2Normalize } from "../../../core/graph/composite.ts";
import { conv2d } from "../../../core/graph/convolution.ts";
import { add, clip, div, exp, mul, relu, sqrt, sub } from "../../../core/graph/elementwise.ts";
import { gather, scatterAdd } from "../../../core/graph/indexing.ts";
import { expand, gemm, matmul, reshape, sum, transpose } from "../../../core/graph/linear.ts";
import { constant, input, sizeOf } from "../../../core/graph/node.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { layerNormalization } from "../../../core/graph/normalization.ts";
import { max, mean, min } from "../../../core/graph/reduce.ts";
import { concat, pad, slice, split } from "../../../core/graph/shape.ts";
import { logSoftmax, logSumExp, softmax } from "../../../core/graph/softmax.ts";
import type { DType, Shape, Tensor } from "../../../core/graph/tensor.ts";
import { createRandom } from "../../../core/random.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { findWebGpu } from "../../helpers/devices.ts";

interface LargeCase {
  readonly shapes: readonly Shape[];
  readonly f: (...inputs: readonly Tensor[]) => Tensor;
  /** What is added to the values of the first input. Default 0. */
  readonly mean?: number;
}

/** More than a shader's loop may have rounds on Mesa's software driver. */
const MANY = 70_000;
const places = (length: number, below: number) =>
  constant(Array.from({ length }, (_, i) => (i * 7919) % below), [length], "int64");

const cases: Readonly<Record<string, LargeCase>> = {
  "add, of a scalar": { shapes: [[MANY], []], f: (x, s) => add(x!, s!) },
  "sub, of a row": { shapes: [[MANY, 2], [2]], f: (x, r) => sub(x!, r!) },
  "mul, by a scalar": { shapes: [[MANY], []], f: (x, s) => mul(x!, s!) },
  "div, by a column": {
    shapes: [[2, MANY], [2, 1]],
    f: (x, c) => div(x!, add(mul(c!, c!), 1)),
  },
  "where": { shapes: [[MANY], []], f: (x, s) => where(greater(x!, 0), x!, s!) },
  "exp, sqrt": { shapes: [[MANY]], f: (x) => sqrt(exp(x!)) },
  "relu, clip": { shapes: [[MANY]], f: (x) => add(relu(x!), clip(x!, -0.5, 0.5)) },
  "gelu, quickGelu": { shapes: [[MANY]], f: (x) => add(gelu(x!), quickGelu(x!)) },
  "sum, mean over all": { shapes: [[MANY]], f: (x) => mul(sum(mul(x!, x!)), mean(x!)) },
  "sum over the first axis": { shapes: [[MANY, 3]], f: (x) => sum(mul(x!, x!), [0]) },
  "max, min": { shapes: [[3, MANY]], f: (x) => sub(max(x!, [1]), min(x!, [1])) },
  "logSumExp, logSoftmax": {
    shapes: [[2, MANY]],
    f: (x) => add(logSumExp(x!), slice(logSoftmax(x!), { axis: 1, start: 5, end: 6 })),
  },
  "softmax, of many rows": { shapes: [[2000, 2]], f: (x) => softmax(x!) },
  "softmax, of long rows": { shapes: [[2, MANY]], f: (x) => mul(softmax(x!), MANY) },
  "softmax, along the first axis": { shapes: [[MANY, 2]], f: (x) => mul(softmax(x!, 0), MANY) },
  "l2Normalize": { shapes: [[2, MANY]], f: (x) => l2Normalize(x!) },
  "layerNormalization, of many rows": {
    shapes: [[2000, 4], [4], [4]],
    f: (x, w, b) => layerNormalization(x!, w!, b!),
  },
  "layerNormalization, of large means": {
    shapes: [[40, 96], [96], [96]],
    f: (x, w, b) => layerNormalization(x!, w!, b!),
    mean: 256,
  },
  "matmul, of many terms": {
    shapes: [[2, MANY], [MANY, 3]],
    f: (a, b) => matmul(a!, b!),
  },
  "matmul, of many matrices": {
    shapes: [[2000, 1, 2], [2, 3]],
    f: (a, b) => matmul(a!, b!),
  },
  "gemm, of many rows": {
    shapes: [[MANY, 2], [1, 2], [1]],
    f: (a, b, c) => gemm(a!, b!, c!, { transposeB: true }),
  },
  "gather": { shapes: [[9, 3]], f: (x) => gather(x!, places(MANY, 9)) },
  "scatterAdd": {
    shapes: [[9, 3], [MANY, 3]],
    f: (x, u) => scatterAdd(x!, places(MANY, 9), u!),
  },
  "conv2d": {
    shapes: [[MANY / 16, 1, 8, 8], [2, 1, 2, 2], [2]],
    // The kernel's gradient adds up 16 places of each picture.
    f: (x, w, b) => conv2d(x!, w!, b!, { stride: 2 }),
  },
  "reshape, transpose, expand": {
    shapes: [[2, MANY], [1, 1]],
    f: (x, s) => transpose(reshape(mul(x!, expand(s!, [2, MANY])), [MANY / 2, 4])),
  },
  "concat, split, slice, pad": {
    shapes: [[MANY, 2], [5, 2]],
    f: (a, b) => {
      const [first, rest] = split(concat([a!, b!], 0), [3, MANY + 2], 0);
      const padded = pad(mul(first!, first!), { axis: 0, before: 1, after: 1 });
      return add(padded, slice(rest!, { axis: 0, start: 7, end: 12 }));
    },
  },
};

/** A case's output and the gradients at its inputs, for fixed weights of the output. */
async function compute(
  device: Device,
  { shapes, f, mean = 0 }: LargeCase,
  dtype: DType,
): Promise<readonly (readonly number[])[]> {
  const random = createRandom(0, "large sizes");
  const numbers = (length: number, mean: number) =>
    Array.from({ length }, () => Math.fround(mean + 2 * random.next() - 1));
  const inputs = shapes.map((shape, i) => input(`input ${i}`, dtype, shape));
  const output = f(...inputs);
  const seed = input("seed", dtype, output.shape);
  const results = [output, ...gradient(output, inputs, seed)];
  const program = await device.compile({
    inputs: [...inputs, seed],
    outputs: Object.fromEntries(results.map((tensor, i) => [`result ${i}`, tensor])),
  });
  const given = Object.fromEntries([...inputs, seed].map(({ shape, node }) => {
    const values = numbers(sizeOf(shape), node.inputName === "input 0" ? mean : 0);
    const data = dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values);
    return [node.inputName!, device.upload(data, shape, dtype)];
  }));
  const held = await program.run(given);
  const values: number[][] = [];
  for (const tensor of Object.values(held)) values.push(Array.from(await tensor.read(), Number));
  for (const tensor of [...Object.values(held), ...Object.values(given)]) tensor.dispose();
  await program.dispose();
  return values;
}

async function expected(cpu: Device, definition: LargeCase) {
  try {
    return await compute(cpu, definition, "float64");
  } catch {
    return await compute(cpu, definition, "float32");
  }
}

for (const kind of ["cpu", "webgpu"] as const) {
  Deno.test({
    name: `gradient: every operator is right at large sizes on ${kind}`,
    ignore: kind === "webgpu" && !await findWebGpu(),
    fn: async (t) => {
      const [cpu, device] = [await openDevice("cpu"), await openDevice(kind)];
      for (const [name, definition] of Object.entries(cases)) {
        await t.step(name, async () => {
          const right = await expected(cpu, definition);
          const found = await compute(device, definition, "float32");
          for (const [i, values] of right.entries()) {
            const largest = values.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-3);
            const off = values.reduce((most, each, k) => {
              const difference = Math.abs(each - found[i]![k]!);
              return difference <= most ? most : difference;
            }, 0);
            expect([i, off / largest < 2e-4 ? "right" : off / largest]).toEqual([i, "right"]);
          }
        });
      }
      await device.dispose();
      await cpu.dispose();
    },
  });
}
