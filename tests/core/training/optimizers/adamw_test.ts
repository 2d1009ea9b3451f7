import { expect } from "expect";
import { mul, sub } from "../../../../core/graph/elementwise.ts";
import type { Device } from "../../../../core/device/device.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { createTrainStep } from "../../../../core/training/step/train_step.ts";
import {
  createTrainingState,
  disposeState,
  type TrainingState,
} from "../../../../core/training/loop/state.ts";
import { createUpdates } from "../../../../core/training/step/updates.ts";
import { objective } from "../../../../core/objective.ts";
import type { Optimizer } from "../../../../core/optimizer.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { relativeDifference } from "../../../helpers/compare.ts";
import { findWebGpu } from "../../../helpers/devices.ts";
import { descent } from "../../../helpers/open_step.ts";
import { goldenBatch, goldenClip, miniClip } from "../../../helpers/small_clip.ts";

const golden = new URL("../../../golden/clip_small/", import.meta.url).pathname;
const clip = objective("clip", singleCaption(), contrastive());

/**
 * The bias of the keys adds the same to all scores of a query, so its true gradient is zero. What
 * rounding leaves of it Adam blows up to the size of a step: no two programs agree there.
 */
function withoutKeys(name: string, values: Float32Array): Float32Array {
  if (!name.endsWith("in_proj_bias")) return values;
  const width = values.length / 3;
  return Float32Array.of(...values.subarray(0, width), ...values.subarray(2 * width));
}

/** Five steps at a constant rate against torch.optim.AdamW on OpenAI's model code. */
async function fiveSteps(
  device: Device,
  { lossTolerance, tolerance }: { lossTolerance: number; tolerance: number },
): Promise<void> {
  const { adamw: { lr, betas, eps, weight_decay, losses } } = JSON.parse(
    await Deno.readTextFile(`${golden}clip_small.json`),
  );
  const model = await goldenClip();
  const batch = await goldenBatch();
  const optimizer = adamw({ lr, betas, eps, weightDecay: weight_decay });
  const parameters = await uploadParameters(device, model);
  const trained = model.parameters;
  const state = createTrainingState({ device, parameters, trained, optimizer, objectives: [clip] });
  const trainStep = await createTrainStep({
    device,
    model,
    chunk: 64,
    state,
    recipe: { optimizer },
  });
  const found: number[] = [];
  for (let step = 1; step <= 5; step++) {
    found.push((await trainStep.add(clip, batch, step - 1)).loss);
    await trainStep.update(lr, step);
  }
  expect(relativeDifference(found, losses)).toBeLessThan(lossTolerance);
  const expected = await openSafetensors(`${golden}clip_small_adamw5.safetensors`);
  expect(expected.names.length).toBe(43);
  for (const name of expected.names) {
    const pair = [
      await parameters.get(name)!.read() as Float32Array,
      await expected.readFloat32(name),
    ];
    const [values, wanted] = pair.map((each) => withoutKeys(name, each)) as [
      Float32Array,
      Float32Array,
    ];
    const difference = relativeDifference(values, wanted);
    expect([name, difference < tolerance ? "close" : difference]).toEqual([name, "close"]);
  }
  trainStep.dispose();
  disposeState(state);
  await device.dispose();
}

Deno.test("adamw: five steps of training equal PyTorch's on the CPU", async () => {
  await fiveSteps(await openDevice("cpu"), { lossTolerance: 1e-4, tolerance: 1e-4 });
});

Deno.test({
  name: "adamw: five steps of training equal PyTorch's on WebGPU",
  ignore: !await findWebGpu(),
  fn: async () =>
    await fiveSteps(await openDevice("webgpu"), { lossTolerance: 1e-3, tolerance: 1e-3 }),
});

/** Updates parameters of the mini model once with gradients of one value. */
async function updateOnce(
  optimizer: Optimizer,
  lr: number,
  gradient: number,
  check: (state: TrainingState) => Promise<void>,
  prepare: (state: TrainingState) => void = () => {},
): Promise<void> {
  const device = await openDevice("cpu");
  const model = miniClip(1);
  const parameters = await uploadParameters(device, model);
  const trained = model.parameters;
  const state = createTrainingState({ device, parameters, trained, optimizer, objectives: [clip] });
  for (const tensor of state.gradients.values()) {
    tensor.write(new Float32Array(tensor.bytes / 4).fill(gradient));
  }
  prepare(state);
  const updates = await createUpdates({ device, optimizer, ...state });
  await updates.apply(lr, 1);
  await check(state);
  updates.dispose();
  disposeState(state);
  await device.dispose();
}

async function first(state: TrainingState, name: string): Promise<number> {
  return (await state.parameters.get(name)!.read() as Float32Array)[0]!;
}

Deno.test("adamw: decays matrices and spares the rest, unless all are to decay", async () => {
  const matrix = "text_projection";
  const scale = "ln_final.weight";
  // At step 1 both corrected averages are the gradient's own: the change is lr · g/(|g| + eps),
  // 0.01 here. Before it the parameter shrinks by lr·λ = 0.01 · 0.5. The norm's weight begins at 1.
  for (const decay of ["matrices", "all"] as const) {
    const before = (await miniClip(1).read()).get(matrix)!.data[0]!;
    await updateOnce(adamw({ lr: 1, weightDecay: 0.5, decay }), 0.01, 2, async (state) => {
      expect(await first(state, matrix)).toBeCloseTo(before * 0.995 - 0.01, 6);
      expect(await first(state, scale)).toBeCloseTo((decay === "all" ? 0.995 : 1) - 0.01, 6);
    });
  }
});

Deno.test("adamw: a group has its own rate and decay, and its first name counts", async () => {
  const optimizer = adamw({
    lr: 0.5,
    weightDecay: 0.5,
    groups: [
      { parameters: ["visual.proj"], lr: 0.25, weightDecay: 0 },
      { parameters: ["image"], lr: 1 },
      { parameters: ["logit_*"], lr: 0 },
    ],
  });
  const names = ["visual.proj", "visual.conv1.weight", "text_projection", "visual.ln_post.weight"];
  const before = await miniClip(1).read();
  // Half of every peak: 0.005 of 0.01, and so 0.0025, 0.01 and 0 in the groups. The change at step 1
  // is the rate (see above); what decays shrinks by rate · 0.5 before it.
  await updateOnce(optimizer, 0.005, 2, async (state) => {
    const rates = [0.0025, 0.01, 0.005, 0.01];
    const shrinks = [0, 0.5, 0.5, 0];
    for (const [i, name] of names.entries()) {
      const value = before.get(name)!.data[0]!;
      const expected = value * (1 - rates[i]! * shrinks[i]!) - rates[i]!;
      expect(await first(state, name)).toBeCloseTo(expected, 6);
    }
    expect(await first(state, "logit_scale")).toBeCloseTo(Math.log(1 / 0.07), 6);
  });
});

Deno.test("adamw: a group that names no trained parameter is refused", () => {
  const optimizer = adamw({ lr: 1, groups: [{ parameters: ["visual.porj"], lr: 2 }] });
  expect(() => optimizer.groups(miniClip(1).parameters)).toThrow(
    'adamw.groups.0: "visual.porj" is neither a part nor a pattern of a parameter\'s name; did you ' +
      'mean "visual.proj"?',
  );
});

Deno.test("createUpdates: clips the norm of all gradients together, and tells it", async () => {
  const device = await openDevice("cpu");
  const model = miniClip(1);
  const parameters = await uploadParameters(device, model);
  // 512 values of 3 and 32 of 4: a norm of √(512·9 + 32·16) = √5120.
  const trained = model.parameters.filter(({ name }) =>
    /^(text_projection|ln_final.weight)$/.test(name)
  );
  expect(trained.map(({ shape }) => shape)).toEqual([[32], [32, 16]]);
  const norm = Math.sqrt(512 * 9 + 32 * 16);
  const state = createTrainingState({
    device,
    parameters,
    trained,
    optimizer: descent,
    objectives: [],
  });
  const fill = () =>
    [["text_projection", 3], ["ln_final.weight", 4]].forEach(([name, value]) => {
      const tensor = state.gradients.get(name as string)!;
      tensor.write(new Float32Array(tensor.bytes / 4).fill(value as number));
    });
  for (const [clipNorm, scale] of [[norm / 2, 0.5], [norm * 2, 1]] as const) {
    const updates = await createUpdates({ device, optimizer: descent, ...state, clipNorm });
    const before = [await first(state, "text_projection"), await first(state, "ln_final.weight")];
    fill();
    const { gradientNorm } = await updates.apply(0.1, 1);
    expect(gradientNorm! / norm).toBeCloseTo(1, 6);
    expect(await first(state, "text_projection")).toBeCloseTo(before[0]! - 0.3 * scale, 5);
    expect(await first(state, "ln_final.weight")).toBeCloseTo(before[1]! - 0.4 * scale, 5);
    // A norm that is not finite ends the run before anything has changed.
    state.gradients.get("text_projection")!.write(new Float32Array(512).fill(1e30));
    await expect(updates.apply(0.1, 2)).rejects.toThrow(
      "step 2: the norm of the gradient is Infinity, expected a finite one",
    );
    expect(await first(state, "text_projection")).toBeCloseTo(before[0]! - 0.3 * scale, 5);
    updates.dispose();
  }
  // Without clipping nothing is told, and no norm is computed.
  const updates = await createUpdates({ device, optimizer: descent, ...state });
  fill();
  expect(await updates.apply(0.1, 3)).toEqual({});
  updates.dispose();
  disposeState(state);
  await device.dispose();
});

Deno.test("createUpdates: leaves the gradients at zero", async () => {
  await updateOnce(adamw({ lr: 1 }), 0.01, 2, async (state) => {
    for (const tensor of state.gradients.values()) {
      expect((await tensor.read() as Float32Array).every((value) => value === 0)).toBe(true);
    }
  });
});

Deno.test("createUpdates: keeps the logit scale between 1 and 100", async () => {
  // A step of 1 (see above) from ln 99 leads past ln 100, from 0.5 below ln 1 = 0.
  const limits = [[-1, Math.log(99), Math.log(100)], [1, 0.5, 0]] as const;
  for (const [gradient, from, to] of limits) {
    await updateOnce(adamw({ lr: 1 }), 1, gradient, async (state) => {
      expect(await first(state, "logit_scale")).toBeCloseTo(to, 6);
      // Other parameters have no such limits: a norm's weight, 1 at first, is 2 or 0 now, and its
      // bias, 0 at first, is 1 or -1.
      expect(await first(state, "ln_final.bias")).toBeCloseTo(-gradient, 6);
    }, (state) => state.parameters.get("logit_scale")!.write(Float32Array.of(from)));
  }
});

Deno.test("createUpdates: every group has its own numbers", async () => {
  // Plain descent whose rate halves with every step, but for the norms.
  const halving: Optimizer = {
    name: "halving",
    options: {},
    lr: 1,
    slots: [],
    groups: (parameters) => [
      {
        name: "norms",
        parameters: parameters.filter(({ shape }) => shape.length < 2),
        scalars: (lr) => ({ rate: lr }),
      },
      {
        name: "matrices",
        parameters: parameters.filter(({ shape }) => shape.length === 2),
        scalars: (lr, step) => ({ rate: lr * 0.5 ** (step - 1) }),
      },
    ],
    update: ({ parameter, gradient, scalars }) => ({
      parameter: sub(parameter, mul(gradient, scalars.rate!)),
      slots: {},
    }),
    with: () => halving,
  };
  const device = await openDevice("cpu");
  const model = miniClip(1);
  const parameters = await uploadParameters(device, model);
  const trained = model.parameters.filter(({ name }) =>
    /^(text_projection|ln_final.*)$/.test(name)
  );
  const state = createTrainingState({
    device,
    parameters,
    trained,
    optimizer: halving,
    objectives: [],
  });
  const updates = await createUpdates({ device, optimizer: halving, ...state });
  const before = await first(state, "text_projection");
  for (const tensor of state.gradients.values()) {
    tensor.write(new Float32Array(tensor.bytes / 4).fill(1));
  }
  await updates.apply(1, 3);
  // Step 3: 0.25 for the matrix, 1 for the norm's weight, which begins at 1.
  expect(await first(state, "text_projection")).toBeCloseTo(before - 0.25, 6);
  expect(await first(state, "ln_final.weight")).toBeCloseTo(0, 6);
  updates.dispose();
  disposeState(state);
  await device.dispose();
});
