import { expect } from "expect";
import { type Device, type DeviceKind, openDevice } from "../core/runtime/mod.ts";
import {
  compareGradients,
  disagreement,
  type GradientCase,
  type RealType,
  tolerances,
} from "./finite_differences.ts";
import { castCases, gradientCases, secondDerivativeCases } from "./graph_gradient_cases.ts";

// ONNX Runtime's web build has kernels for float32, its CPU for float64 too, where rounding errors
// leave seven digits of a finite difference.
const hasAdapter = (await navigator.gpu?.requestAdapter() ?? null) !== null;

const groups = [...Object.values(gradientCases), ...Object.values(secondDerivativeCases)];

Deno.test("gradient: every rule agrees with finite differences on the CPU", async (t) => {
  await withDevice("cpu", async (device) => {
    await checkAll(t, device, castCases, "float32");
    for (const cases of groups) {
      await checkAll(t, device, cases.filter((c) => c.float32Only !== true), "float64");
      await checkAll(t, device, cases.filter((c) => c.float32Only === true), "float32");
    }
  });
});

Deno.test({
  name: "gradient: every rule agrees with finite differences on WebGPU",
  // Without a WebGPU adapter there is nothing to run on.
  ignore: !hasAdapter,
  fn: async (t) => {
    await withDevice("webgpu", async (device) => {
      for (const cases of groups) await checkAll(t, device, cases, "float32");
    });
  },
});

Deno.test("gradient: every rule agrees with finite differences on wasm", async (t) => {
  await withDevice("wasm", async (device) => {
    for (const cases of groups) await checkAll(t, device, cases, "float32");
  });
});

async function withDevice(kind: DeviceKind, use: (device: Device) => Promise<void>): Promise<void> {
  const device = await openDevice(kind);
  try {
    await use(device);
  } finally {
    await device.dispose();
  }
}

async function checkAll(
  t: Deno.TestContext,
  device: Device,
  cases: readonly GradientCase[],
  dtype: RealType,
): Promise<void> {
  if (cases.length === 0) return;
  for (const comparison of await compareGradients(device, cases, dtype)) {
    await t.step(`${comparison.name} (${dtype})`, () => {
      const worst = disagreement(comparison);
      if (!(worst <= tolerances[dtype])) {
        expect(comparison.analytic).toEqual(comparison.numeric);
      }
    });
  }
}
