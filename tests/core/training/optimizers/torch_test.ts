import { expect } from "expect";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import type { ParameterSpec } from "../../../../core/model.ts";
import type { Optimizer, Schedule } from "../../../../core/optimizer.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { constant } from "../../../../core/training/optimizers/constant.ts";
import { cosineRestarts } from "../../../../core/training/optimizers/cosine_restarts.ts";
import { lion } from "../../../../core/training/optimizers/lion.ts";
import { sgd } from "../../../../core/training/optimizers/sgd.ts";
import { warmupLinear } from "../../../../core/training/optimizers/warmup_linear.ts";
import { createTrainingState, disposeState } from "../../../../core/training/loop/state.ts";
import { createUpdates } from "../../../../core/training/step/updates.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import golden from "../../../golden/optimizers.json" with { type: "json" };

// PyTorch's optimisers and schedulers, and timm's Lion (tests/golden/README.md).
const optimizers: Readonly<Record<string, (options: never) => Optimizer>> = { adamw, lion, sgd };
const schedules: Readonly<Record<string, (options: never) => Schedule>> = {
  constant,
  cosineRestarts,
  warmupLinear,
};

const specs: readonly ParameterSpec[] = [
  { name: "matrix", shape: [2, 3], part: "text" },
  { name: "bias", shape: [3], part: "text" },
];

for (const { name, options, after } of golden.optimizers) {
  Deno.test(`${name}: five updates of ${JSON.stringify(options)} are PyTorch's`, async () => {
    const device = await openDevice("cpu");
    const values = [golden.matrix, golden.bias];
    const parameters = new Map(specs.map(({ name, shape }, i) => [
      name,
      device.upload(Float32Array.from(values[i]!), shape, "float32"),
    ]));
    const optimizer = optimizers[name]!(options as never);
    const state = createTrainingState({
      ...{ device, parameters, trained: specs, optimizer, objectives: [] },
    });
    const updates = await createUpdates({ device, optimizer, ...state });
    for (const [step, gradients] of golden.gradients.entries()) {
      for (const [i, spec] of specs.entries()) {
        state.gradients.get(spec.name)!.write(Float32Array.from(gradients[i] as number[]));
      }
      await updates.apply(options.lr * golden.factors[step]!, step + 1);
      for (const [i, spec] of specs.entries()) {
        const found = await parameters.get(spec.name)!.read() as Float32Array;
        const expected = Float32Array.from(after[step]![i]!);
        expect(relativeDifference(found, expected)).toBeLessThan(1e-6);
      }
    }
    updates.dispose();
    disposeState(state);
    await device.dispose();
  });
}

for (const { name, options, total, factors } of golden.schedules) {
  Deno.test(`${name}: the rates of ${JSON.stringify(options)} are PyTorch's`, () => {
    const { factor } = schedules[name]!(options as never);
    expect(factors).toHaveLength(total);
    for (const [step, expected] of factors.entries()) {
      expect(factor(step, total)).toBeCloseTo(expected, 12);
    }
  });
}

Deno.test("sgd: Nesterov's momentum without momentum is refused, as PyTorch does", () => {
  expect(() => sgd({ lr: 0.1, momentum: 0, nesterov: true })).toThrow("sgd.nesterov");
});

Deno.test("cosineRestarts: cycles that are no whole number of steps fill the run", () => {
  // Three cycles in ten steps begin at 0, 10/3 and 20/3: step 7 is a tenth into the third.
  const { factor } = cosineRestarts({ cycles: 3 });
  expect(factor(7, 10)).toBeCloseTo(0.5 * (1 + Math.cos(Math.PI * 0.1)), 12);
});
