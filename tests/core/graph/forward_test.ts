import { expect } from "expect";
import { apply, input, sizeOf } from "../../../core/graph/node.ts";
import { cast } from "../../../core/graph/cast.ts";
import type { Device, DeviceKind, HostArray } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { divide, join } from "../../../core/graph/finite_differences.ts";
import { forwardCases } from "../../helpers/forward_cases/all.ts";
import type { ForwardCase } from "../../helpers/forward_cases/forward_case.ts";
import type { Values } from "../../helpers/reference_math.ts";

// Relative to the larger of 1 and the largest expected value: a few units in float32's last place.
// GPUs may compute functions such as exp and tanh a little less exactly.
const tolerances: Readonly<Record<DeviceKind, number>> = {
  cpu: 2e-6,
  wasm: 2e-6,
  webgpu: 1e-5,
  cuda: 1e-5,
};

const hasAdapter = (await navigator.gpu?.requestAdapter() ?? null) !== null;

Deno.test("operators: their values are those of plain arithmetic on the CPU", async (t) => {
  await checkAll(t, "cpu");
});

Deno.test({
  name: "operators: their values are those of plain arithmetic on WebGPU",
  // Without a WebGPU adapter there is nothing to run on.
  ignore: !hasAdapter,
  fn: (t) => checkAll(t, "webgpu"),
});

Deno.test("operators: their values are those of plain arithmetic on wasm", async (t) => {
  await checkAll(t, "wasm");
});

async function checkAll(t: Deno.TestContext, kind: DeviceKind): Promise<void> {
  const device = await openDevice(kind);
  try {
    for (const cases of forwardCases) {
      const found = await evaluate(device, cases);
      for (const [i, { name, expected }] of cases.entries()) {
        await t.step(name, () => {
          const { shape, data } = found[i]!;
          expect(shape).toEqual(expected.shape);
          const scale = Math.max(1, ...expected.data.map(Math.abs));
          const far = expected.data.some((value, k) =>
            !(Math.abs(data[k]! - value) <= tolerances[kind] * scale)
          );
          if (far) expect(data).toEqual(expected.data);
        });
      }
    }
  } finally {
    await device.dispose();
  }
}

/** All cases in one program; the shapes are those that the runtime found, not the declared ones. */
async function evaluate(device: Device, cases: readonly ForwardCase[]): Promise<Values[]> {
  const inputs = cases.map((c, i) =>
    c.inputs.map(({ shape, dtype = "float32" }, k) => input(`case${i}_input${k}`, dtype, shape))
  );
  const outputs = cases.map((c, i) => c.f(...inputs[i]!));
  for (const [i, { name, expected }] of cases.entries()) {
    expect({ name, shape: outputs[i]!.shape }).toEqual({ name, shape: expected.shape });
  }
  const shapes = outputs.map((x) =>
    apply("Shape", [x], { outputs: [{ dtype: "int64", shape: [x.shape.length] }] })[0]!
  );
  const program = await device.compile({
    inputs: inputs.flat(),
    outputs: {
      values: join(outputs.map((x) => cast(x, "float32"))),
      shapes: join(shapes.map((x) => cast(x, "float32"))),
    },
  });
  const given = Object.fromEntries(cases.flatMap((c, i) =>
    c.inputs.map((x, k) => [
      inputs[i]![k]!.node.inputName!,
      device.upload(hostArray(x), x.shape, x.dtype ?? "float32"),
    ])
  ));
  const results = await program.run(given);
  const data = divide(
    Array.from(await results.values!.read(), Number),
    outputs.map((x) => sizeOf(x.shape)),
  );
  const ranks = divide(
    Array.from(await results.shapes!.read(), Number),
    outputs.map((x) => x.shape.length),
  );
  for (const tensor of [...Object.values(given), ...Object.values(results)]) tensor.dispose();
  await program.dispose();
  return data.map((values, i) => ({ shape: ranks[i]!, data: values }));
}

function hostArray({ data, dtype }: Values): HostArray {
  switch (dtype) {
    case "int64":
      return BigInt64Array.from(data, BigInt);
    case "int32":
      return Int32Array.from(data);
    case "bool":
      return Uint8Array.from(data);
    default:
      return Float32Array.from(data);
  }
}
