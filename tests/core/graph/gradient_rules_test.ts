import { expect } from "expect";
import type { DeviceKind } from "../../../core/device/device.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import {
  compareGradients,
  disagreement,
  type GradientCase,
  type RealType,
  tolerances,
} from "../../../core/graph/finite_differences.ts";
import {
  castCases,
  gradientCases,
  secondDerivativeCases,
} from "../../helpers/graph_gradient_cases.ts";

const groups = [...Object.values(gradientCases), ...Object.values(secondDerivativeCases)];

const hasAdapter = (await navigator.gpu?.requestAdapter() ?? null) !== null;

Deno.test("gradient: every rule agrees with finite differences on the CPU in float64", async (t) => {
  const inFloat64 = groups.map((cases) => cases.filter((c) => c.float32Only !== true));
  await checkAll(t, "cpu", inFloat64.filter((cases) => cases.length > 0), "float64");
});

Deno.test("gradient: every rule agrees with finite differences on the CPU in float32", async (t) => {
  await checkAll(t, "cpu", [...groups, castCases], "float32");
});

Deno.test({
  name: "gradient: every rule agrees with finite differences on WebGPU",
  // Without a WebGPU adapter there is nothing to run on.
  ignore: !hasAdapter,
  fn: (t) => checkAll(t, "webgpu", groups, "float32"),
});

Deno.test("gradient: every rule agrees with finite differences on wasm", async (t) => {
  await checkAll(t, "wasm", groups, "float32");
});

async function checkAll(
  t: Deno.TestContext,
  kind: DeviceKind,
  groups: readonly (readonly GradientCase[])[],
  dtype: RealType,
): Promise<void> {
  const device = await openDevice(kind);
  try {
    for (const cases of groups) {
      for (const comparison of await compareGradients(device, cases, dtype)) {
        await t.step(comparison.name, () => {
          const { analytic, numeric } = comparison;
          const agree = disagreement(comparison) <= tolerances[dtype];
          expect(agree ? "agree" : `rule: [${analytic}], differences: [${numeric}]`).toBe("agree");
        });
      }
    }
  } finally {
    await device.dispose();
  }
}
