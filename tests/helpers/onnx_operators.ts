import { expect } from "expect";
import type { HostArray } from "../../core/device/device.ts";
import { compareGradients, disagreement, join } from "../../core/graph/finite_differences.ts";
import { gradient } from "../../core/graph/gradient.ts";
import { constant, input, sizeOf } from "../../core/graph/node.ts";
import type { Rules } from "../../core/graph/onnx/call.ts";
import { importGraph } from "../../core/graph/onnx/import_graph.ts";
import { parseModel } from "../../core/graph/onnx/parse_model.ts";
import type { DType, Tensor } from "../../core/graph/tensor.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";

interface GoldenTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model of one operator, and what ONNX's reference and PyTorch make of it. */
interface GoldenCase {
  readonly name: string;
  readonly op: string;
  /** Base64. */
  readonly model: string;
  readonly inputs: Readonly<Record<string, GoldenTensor>>;
  readonly outputs: readonly GoldenTensor[];
  /**
   * Of the first output's sum, each element times {@linkcode weight}; empty where PyTorch has no such
   * operator, absent where nothing is differentiable.
   */
  readonly gradients?: Readonly<Record<string, readonly number[]>>;
}

const golden: readonly GoldenCase[] = JSON.parse(
  await Deno.readTextFile(new URL("../golden/onnx/operators.json", import.meta.url)),
);

/** What each element of an output is multiplied with before all are added up. */
function weight(_: unknown, i: number): number {
  return 0.5 + (i * 7 % 11) / 11;
}

/**
 * Holds every operator of some rules against ONNX's reference, its gradient against PyTorch's and
 * against finite differences. Each must have a case.
 */
export async function checkOperators(rules: Rules): Promise<void> {
  const cases = golden.filter(({ op }) => Object.hasOwn(rules, op));
  expect(Object.keys(rules).filter((op) => cases.every((each) => each.op !== op))).toEqual([]);
  const built = cases.map(build);
  const device = await openDevice("cpu");
  try {
    const inputs = built.flatMap(({ inputs }) => [...inputs.values()]);
    const outputs = built.flatMap((each, i) => [
      ...each.outputs.map((tensor, k) => [`${i} output ${k}`, tensor] as const),
      ...each.gradients.map(({ name, tensor }) => [`${i} ${name}`, tensor] as const),
    ]);
    const program = await device.compile({ inputs, outputs: Object.fromEntries(outputs) });
    const given = Object.fromEntries(
      built.flatMap(({ golden, inputs }) =>
        [...inputs].map(([name, { node, shape, dtype }]) => [
          node.inputName!,
          device.upload(arrayOf(golden.inputs[name]!), shape, dtype),
        ])
      ),
    );
    const found = await program.run(given);
    for (const [i, { golden, gradients }] of built.entries()) {
      for (const [k, { dtype, shape, data }] of golden.outputs.entries()) {
        const tensor = found[`${i} output ${k}`]!;
        expect([golden.name, tensor.dtype, tensor.shape]).toEqual([golden.name, dtype, shape]);
        expectClose(golden.name, Array.from(await tensor.read(), Number), data);
      }
      for (const { name, expected } of gradients) {
        if (expected === undefined) continue;
        const values = Array.from(await found[`${i} ${name}`]!.read(), Number);
        expectClose(`${golden.name}: ${name}`, values, expected);
      }
    }
    await checkDifferences(device, built);
  } finally {
    await device.dispose();
  }
}

type Built = ReturnType<typeof build>;

function build(golden: GoldenCase, i: number) {
  const model = parseModel(Uint8Array.fromBase64(golden.model), golden.name);
  const inputs = new Map(
    Object.entries(golden.inputs)
      .map(([name, { dtype, shape }]) => [name, input(`${i} ${name}`, dtype, shape)]),
  );
  const outputs = [...importGraph(model, { inputs }).values()];
  const real = [...inputs].filter(([, { dtype }]) => dtype === "float32");
  const tensors = golden.gradients === undefined
    ? []
    : gradient(outputs[0]!, real.map(([, tensor]) => tensor), seed(outputs[0]!));
  const gradients = tensors.map((tensor, k) => {
    const [name] = real[k]!;
    return { name: `gradient of ${name}`, tensor, expected: golden.gradients![name] };
  });
  return { golden, model, inputs, outputs, gradients };
}

function seed({ shape, dtype }: Tensor): Tensor {
  return constant(Array.from({ length: sizeOf(shape) }, weight), shape, dtype);
}

async function checkDifferences(
  device: Parameters<typeof compareGradients>[0],
  built: readonly Built[],
): Promise<void> {
  const cases = built.filter(({ golden }) => golden.gradients !== undefined)
    .map(({ golden, model }) => {
      const real = Object.entries(golden.inputs).filter(([, { dtype }]) => dtype === "float32");
      return {
        name: golden.name,
        shapes: real.map(([, { shape }]) => shape),
        values: real.map(([, { data }]) => data),
        f: (...tensors: Tensor[]) => {
          const inputs = new Map(
            Object.entries(golden.inputs).map(([name, each]) => {
              const place = real.findIndex(([other]) => other === name);
              const fixed = () => constant(each.data, each.shape, each.dtype);
              return [name, place === -1 ? fixed() : tensors[place]!];
            }),
          );
          return join([importGraph(model, { inputs }).values().next().value!]);
        },
      };
    });
  if (cases.length === 0) return;
  for (const comparison of await compareGradients(device, cases, "float32")) {
    expect([comparison.name, disagreement(comparison) <= 5e-3 || comparison])
      .toEqual([comparison.name, true]);
  }
}

function arrayOf({ dtype, data }: GoldenTensor): HostArray {
  switch (dtype) {
    case "float32":
      return Float32Array.from(data);
    case "int64":
      return BigInt64Array.from(data, BigInt);
    case "int32":
      return Int32Array.from(data);
    default:
      return Uint8Array.from(data);
  }
}

function expectClose(what: string, found: readonly number[], expected: readonly number[]): void {
  const largest = Math.max(1, ...expected.map(Math.abs));
  const far = expected.findIndex((value, i) => !(Math.abs(value - found[i]!) <= 1e-4 * largest));
  expect({ what, found: found[far], at: far }).toEqual({ what, found: expected[far], at: -1 });
}
