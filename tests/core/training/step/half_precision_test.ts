import { expect } from "expect";
import type { Device } from "../../../../core/device/device.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { namedTensors } from "../../../../core/training/loop/saved_tensors.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { objective } from "../../../../core/objective.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { findWebGpu } from "../../../helpers/devices.ts";
import { descent, openStep } from "../../../helpers/open_step.ts";
import { miniBatch, miniClip } from "../../../helpers/small_clip.ts";

const contrast = objective("contrast", singleCaption(), contrastive());
const batch = miniBatch(6, { caption: 1 }, 3);

/**
 * The processor, said to compute in float16. ONNX Runtime computes in float32 there and rounds what is
 * kept between programs.
 */
async function openHalfCpu(): Promise<Device> {
  return { ...await openDevice("cpu"), halfPrecision: true };
}

/** The losses of so many updates on one batch, and how many were left out between them. */
async function train(device: Device, precision: "float32" | "float16", updates: number) {
  const optimizer = adamw({ lr: 1e-3 });
  const opened = await openStep(device, miniClip(5), contrast, {
    ...{ chunk: 4, optimizer, precision, memory: Infinity },
  });
  const losses: number[] = [];
  let leftOut = 0;
  for (let step = 0; losses.length < updates; step++) {
    const { loss } = await opened.step.add(contrast, batch, step);
    if ((await opened.step.update(1e-3, step + 1)).leftOut) leftOut++;
    else losses.push(loss);
  }
  opened.close();
  return { losses, leftOut };
}

function expectNear(found: readonly number[], expected: readonly number[]): void {
  // That they learn at all.
  expect(expected.at(-1)).toBeLessThan(expected[0]! * 0.8);
  for (const [i, loss] of found.entries()) {
    expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-2 * Math.max(1, expected[i]!));
  }
}

Deno.test("createTrainStep: 20 losses in float16 are those in float32 but for rounding", async () => {
  const device = await openHalfCpu();
  const expected = await train(device, "float32", 20);
  const { losses, leftOut } = await train(device, "float16", 20);
  expectNear(losses, expected.losses);
  expect(losses).not.toEqual(expected.losses);
  expect(leftOut).toBeLessThan(8);
  await device.dispose();
});

Deno.test({
  name: "createTrainStep: 20 losses in float16 on WebGPU are those of the processor in float32",
  ignore: !await findWebGpu(),
  fn: async () => {
    const [cpu, gpu] = [await openDevice("cpu"), await openDevice("webgpu")];
    if (gpu.halfPrecision) {
      expectNear(
        (await train(gpu, "float16", 20)).losses,
        (await train(cpu, "float32", 20)).losses,
      );
    }
    await cpu.dispose();
    await gpu.dispose();
  },
});

Deno.test("createTrainStep: float16 is refused by name where a device has none", async () => {
  const device = await openDevice("cpu");
  await expect(openStep(device, miniClip(5), contrast, { chunk: 4, precision: "float16" }))
    .rejects.toThrow(/^precision: expected float32, or a device .* found float16 and cpu/);
  await device.dispose();
});

Deno.test("createTrainStep: gradients are those of the scaled loss, updates those of the loss", async () => {
  const device = await openHalfCpu();
  const options = { chunk: 4, optimizer: descent } as const;
  const plain = await openStep(device, miniClip(5), contrast, options);
  const half = await openStep(device, miniClip(5), contrast, { ...options, precision: "float16" });
  const lengths = await Promise.all([plain, half].map(async (opened) => {
    const { gradients } = await opened.differentiate(batch);
    return Math.hypot(...[...gradients.values()].map((each) => Math.hypot(...each)));
  }));
  expect(lengths[1]! / lengths[0]! / 65536).toBeCloseTo(1, 2);
  const moved = await Promise.all([plain, half].map(async ({ step, state }) => {
    const tensor = state.parameters.get("text_projection")!;
    const before = await tensor.read() as Float32Array;
    await step.add(contrast, batch, 0);
    await step.update(0.1, 1);
    const after = await tensor.read() as Float32Array;
    return Math.hypot(...after.map((value, i) => value - before[i]!));
  }));
  expect(moved[1]! / moved[0]!).toBeCloseTo(1, 2);
  plain.close();
  half.close();
  await device.dispose();
});

Deno.test("createUpdates: a gradient that overflowed changes nothing but the loss scale", async () => {
  const device = await openHalfCpu();
  const optimizer = adamw({ lr: 1e-3 });
  const opened = await openStep(device, miniClip(5), contrast, {
    ...{ chunk: 4, precision: "float16", optimizer },
  });
  const { state } = opened;
  const valuesOf = async () =>
    new Map(
      await Promise.all(
        [...namedTensors(state)].map(async ([name, tensor]) =>
          [name, await tensor.read() as Float32Array] as const
        ),
      ),
    );
  const before = await valuesOf();
  state.gradients.get("text_projection")!.write(new Float32Array(512).fill(Infinity));
  expect(await opened.step.update(0.1, 1)).toEqual({ lossScale: 65536, leftOut: true });
  const after = await valuesOf();
  expect(after.get("loss scale")).toEqual(Float32Array.of(32768, 0, 1));
  for (const [name, values] of before) {
    if (name !== "loss scale") expect(after.get(name)).toEqual(values);
  }
  for (const tensor of state.gradients.values()) {
    expect((await tensor.read() as Float32Array).every((value) => value === 0)).toBe(true);
  }
  // Adam's corrections count updates, not steps: with gradient 1, its first one moves by the rate.
  const tensor = state.parameters.get("logit_scale")!;
  const [start] = await tensor.read() as Float32Array;
  state.gradients.get("logit_scale")!.write(Float32Array.of(32768));
  expect(await opened.step.update(0.01, 2)).toEqual({ lossScale: 32768 });
  expect((await tensor.read() as Float32Array)[0]! - start!).toBeCloseTo(-0.01, 6);
  opened.close();
  await device.dispose();
});

Deno.test("createUpdates: clips the norm of the loss's gradient, not of the scaled one", async () => {
  const device = await openHalfCpu();
  const opened = await openStep(device, miniClip(5), contrast, {
    ...{ chunk: 4, precision: "float16", clipNorm: 1 },
  });
  const { parameters, gradients } = opened.state;
  const tensor = parameters.get("logit_scale")!;
  const [start] = await tensor.read() as Float32Array;
  gradients.get("logit_scale")!.write(Float32Array.of(4 * 65536));
  expect(await opened.step.update(0.1, 1)).toEqual({ gradientNorm: 4, lossScale: 65536 });
  expect((await tensor.read() as Float32Array)[0]! - start!).toBeCloseTo(-0.1, 5);
  opened.close();
  await device.dispose();
});
