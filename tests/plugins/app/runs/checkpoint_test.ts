import type { Standing } from "../../../../core/training/loop/standing.ts";
import { expect } from "expect";
import type { Device } from "../../../../core/device/device.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { namedTensors } from "../../../../core/training/loop/saved_tensors.ts";
import {
  createTrainingState,
  disposeState,
  type TrainingState,
} from "../../../../core/training/loop/state.ts";
import {
  lastCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
} from "../../../../plugins/app/runs/checkpoint.ts";
import { createRandom } from "../../../../core/random.ts";
import type { Loss } from "../../../../core/loss.ts";
import { objective } from "../../../../core/objective.ts";
import type { Optimizer } from "../../../../core/optimizer.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { miniClip } from "../../../helpers/small_clip.ts";

const standing: Standing = { step: 12, next: { epoch: 3, position: 7, due: [4, 1] }, epoch: 2 };

const stateful: Loss<"caption"> = {
  ...contrastive(),
  state: { mean: { shape: [3], initial: 0.5, reset: "never" } },
};

/** The state of the mini model with its text side trained, every value drawn from `seed`. */
async function stateOf(
  device: Device,
  seed: number,
  changes: { part?: "image" | "text"; optimizer?: Optimizer; loss?: Loss<"caption"> } = {},
): Promise<TrainingState> {
  const { part = "text", optimizer = adamw({ lr: 1 }), loss = stateful } = changes;
  const model = miniClip(seed);
  const state = createTrainingState({
    device,
    parameters: await uploadParameters(device, model),
    trained: model.parameters.filter((spec) => spec.part === part),
    optimizer,
    objectives: [objective("clip", singleCaption(), loss)],
  });
  for (const [name, tensor] of namedTensors(state)) {
    const random = createRandom(seed, name);
    // All magnitudes that training knows, and zeros of both signs.
    const draw = () => random.pick([1, 1e-30, 1e-42, 1e30, 0]) * random.normal();
    tensor.write(Float32Array.from({ length: tensor.bytes / 4 }, draw));
  }
  return state;
}

async function bits(state: TrainingState): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const [name, tensor] of namedTensors(state)) {
    const data = await tensor.read() as Float32Array<ArrayBuffer>;
    values.set(name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength).toHex());
  }
  return values;
}

function withFolder(
  work: (folder: string, device: Device) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir();
    const device = await openDevice("cpu");
    try {
      await work(`${folder}/checkpoints`, device);
    } finally {
      await device.dispose();
      await Deno.remove(folder, { recursive: true });
    }
  };
}

Deno.test(
  "loadCheckpoint: gives back every bit that saveCheckpoint wrote",
  withFolder(async (folder, device) => {
    const saved = await stateOf(device, 1);
    const path = await saveCheckpoint(folder, saved, standing);
    const fresh = await stateOf(device, 2);
    expect(await bits(fresh)).not.toEqual(await bits(saved));
    expect(await loadCheckpoint(path, fresh)).toEqual(standing);
    const found = await bits(fresh);
    expect(found).toEqual(await bits(saved));
    // Trained parameters, both moments of each, and the loss's state; nothing of the image tower.
    const { trained } = saved;
    expect(found.size).toBe(3 * trained.length + 1);
    expect([...found.keys()]).toContain("loss:clip:mean");
    expect([...found.keys()].some((name) => name.includes("visual."))).toBe(false);
    for (const state of [saved, fresh]) disposeState(state);
  }),
);

Deno.test(
  "saveCheckpoint: keeps the last two, and removes what a killed process left half written",
  withFolder(async (folder, device) => {
    const state = await stateOf(device, 1);
    expect(await lastCheckpoint(folder)).toBe(undefined);
    await Deno.mkdir(folder);
    await Deno.writeTextFile(`${folder}/step-00000007.safetensors.12-ab12cd34.tmp`, "half");
    await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
    for (const step of [8, 9, 100]) await saveCheckpoint(folder, state, { ...standing, step });
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
    expect(names).toEqual([
      "notes.txt",
      "step-00000009.safetensors",
      "step-00000100.safetensors",
    ]);
    expect(await lastCheckpoint(folder)).toBe(`${folder}/step-00000100.safetensors`);
    disposeState(state);
  }),
);

Deno.test(
  "saveCheckpoint: refuses values that are not finite and leaves the checkpoint before",
  withFolder(async (folder, device) => {
    const state = await stateOf(device, 1);
    const good = await saveCheckpoint(folder, state, standing);
    const name = state.trained[3]!.name;
    const places = [["parameter", state.parameters], [
      "second",
      state.slots.get("second")!,
    ]] as const;
    for (const [place, tensors] of places) {
      const tensor = tensors.get(name)!;
      const values = await tensor.read() as Float32Array;
      for (const wrong of [NaN, -Infinity]) {
        tensor.write(values.with(1, wrong));
        await expect(saveCheckpoint(folder, state, { ...standing, step: 13 })).rejects.toThrow(
          `${folder}/step-00000013.safetensors was not written: after step 13 "${place}:${name}" ` +
            `holds ${wrong}, expected finite values`,
        );
        expect([...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`)).toEqual([
          good,
        ]);
      }
      tensor.write(values);
    }
    disposeState(state);
  }),
);

Deno.test(
  "loadCheckpoint: names a file that was cut short, wherever the cut is",
  withFolder(async (folder, device) => {
    const state = await stateOf(device, 1);
    const path = await saveCheckpoint(folder, state, standing);
    const bytes = await Deno.readFile(path);
    const before = await bits(state);
    for (const length of [0, 5, 200, bytes.length - 1]) {
      await Deno.writeFile(path, bytes.subarray(0, length));
      const attempt = loadCheckpoint(path, state);
      await expect(attempt).rejects.toThrow(SyntaxError);
      await expect(attempt).rejects.toThrow(path);
    }
    expect(await bits(state)).toEqual(before);
    disposeState(state);
  }),
);

Deno.test(
  "loadCheckpoint: refuses a checkpoint of another recipe and leaves the state as it was",
  withFolder(async (folder, device) => {
    const path = await saveCheckpoint(folder, await stateOf(device, 1), standing);
    const plain: Optimizer = { ...adamw({ lr: 1 }), slots: ["first"] };
    const wide: Loss<"caption"> = {
      ...stateful,
      state: { mean: { shape: [4], initial: 0, reset: "never" } },
    };
    const others: readonly [string, Parameters<typeof stateOf>[2]][] = [
      // Other parameters; an optimiser with fewer tensors; a loss without state, and one of another size.
      ['expected tensor "parameter:visual.class_embedding" of shape [32], found none', {
        part: "image",
      }],
      ['expected no tensor "second:', { optimizer: plain }],
      ['expected no tensor "loss:clip:mean"', { loss: contrastive() }],
      ['expected tensor "loss:clip:mean" of shape [4], found [3]', { loss: wide }],
    ];
    for (const [message, changes] of others) {
      const state = await stateOf(device, 2, changes);
      const before = await bits(state);
      const attempt = loadCheckpoint(path, state);
      await expect(attempt).rejects.toThrow(message);
      await expect(attempt).rejects.toThrow("is it a checkpoint of another recipe?");
      await expect(attempt).rejects.toThrow(path);
      expect(await bits(state)).toEqual(before);
      disposeState(state);
    }
  }),
);

Deno.test(
  "loadCheckpoint: refuses a file without a standing",
  withFolder(async (folder, device) => {
    const state = await stateOf(device, 1);
    const broken = { ...standing, step: -1 };
    const path = await saveCheckpoint(folder, state, broken);
    await expect(loadCheckpoint(path, state)).rejects.toThrow(
      `${path}, its metadata: not the standing of a run: step: expected a number of at least 0, found -1`,
    );
    disposeState(state);
  }),
);
