import { expect } from "expect";
import type { DeviceTensor } from "../../../../core/device/device.ts";
import { LOSS_SCALE_START, openLossScale } from "../../../../core/training/step/loss_scale.ts";

/** A tensor in the memory of the test. */
function tensorOf(values: Float32Array): DeviceTensor {
  let held = values.slice();
  return {
    ...{ dtype: "float32", shape: [values.length], bytes: 4 * values.length },
    read: () => Promise.resolve(held.slice()),
    write: (data) => void (held = Float32Array.from(data as Float32Array)),
    clear: () => held.fill(0),
    dispose: () => {},
  };
}

Deno.test("openLossScale: halves when a gradient overflows, doubles after 2,000 updates, as GradScaler", async () => {
  const tensor = tensorOf(LOSS_SCALE_START);
  const scale = await openLossScale(tensor);
  expect([scale.value(), scale.leftOut()]).toEqual([65536, 0]);
  scale.fail();
  expect([scale.value(), scale.leftOut()]).toEqual([32768, 1]);
  for (let i = 0; i < 1999; i++) scale.succeed();
  expect(scale.value()).toBe(32768);
  // What a checkpoint holds goes on where it was: one more update, and it doubles.
  const resumed = await openLossScale(tensor);
  resumed.succeed();
  expect([resumed.value(), resumed.leftOut()]).toEqual([65536, 1]);
  // An overflow begins the count anew.
  for (let i = 0; i < 1999; i++) resumed.succeed();
  resumed.fail();
  resumed.succeed();
  expect(resumed.value()).toBe(32768);
});

Deno.test("openLossScale: a gradient that overflows unscaled ends the run", async () => {
  const scale = await openLossScale(tensorOf(Float32Array.of(2, 0, 15)));
  scale.fail();
  expect(scale.value()).toBe(1);
  expect(() => scale.fail()).toThrow("the setting precision=float32");
});
