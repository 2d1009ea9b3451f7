import { expect } from "expect";
import type { Device } from "../../../../core/device/device.ts";
import { openDevice } from "../../../../core/host/devices/open_device.ts";
import type { AnyObjective } from "../../../../core/objective.ts";
import { objective } from "../../../../core/objective.ts";
import { uploadParameters } from "../../../../core/towers/device_parameters.ts";
import type { Batch } from "../../../../core/training/loop/batches.ts";
import { createTrainingState, disposeState } from "../../../../core/training/loop/state.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { selectTrained } from "../../../../core/training/optimizers/select_parameters.ts";
import { createKnownPictures } from "../../../../core/training/step/known_pictures.ts";
import { createTrainStep } from "../../../../core/training/step/train_step.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { miniBatch, miniClip } from "../../../helpers/small_clip.ts";

/** Pictures of four values each, whose embedding is their sum and their first value. */
function watched(most?: number) {
  const known = createKnownPictures(2, most);
  const computed: string[] = [];
  const embed = async (pictures: string, epoch = 0, together = 2) => {
    const pixels = Float32Array.from([...pictures].flatMap((each) => [Number(each), 1, 2, 3]));
    const batch = { count: pictures.length, together, epoch };
    const rows = await known.embed(pixels, batch, (given, count) => {
      expect(given.length).toBe(4 * count);
      const found = Array.from({ length: count }, (_, i) => given[4 * i]!);
      computed.push(found.join(""));
      return Promise.resolve(Float32Array.from(found.flatMap((each) => [each + 6, each])));
    });
    expect([...rows]).toEqual([...pictures].flatMap((each) => [Number(each) + 6, Number(each)]));
  };
  return { embed, computed };
}

Deno.test("createKnownPictures: what is known is not computed; what goes along fills a part up", async () => {
  const { embed, computed } = watched();
  await embed("1234");
  await embed("4321");
  await embed("5126");
  // One is missing; parts are of two.
  await embed("1278");
  await embed("9127");
  expect(computed).toEqual(["1234", "56", "78", "91"]);
});

Deno.test("createKnownPictures: of equal pictures one is computed, and more than a batch never", async () => {
  const { embed, computed } = watched();
  await embed("1122");
  await embed("345", 0, 2);
  expect(computed).toEqual(["12", "345"]);
});

Deno.test("createKnownPictures: what went through the tower with another number is computed again", async () => {
  const { embed, computed } = watched();
  await embed("1234");
  await embed("1234", 0, 4);
  await embed("4321");
  await embed("4321", 0, 4);
  expect(computed).toEqual(["1234", "1234"]);
});

Deno.test("createKnownPictures: those that came first are kept where there is no room for more", async () => {
  const { embed, computed } = watched(4);
  await embed("12");
  await embed("34");
  await embed("1234");
  expect(computed).toEqual(["12", "34", "34"]);
});

Deno.test("createKnownPictures: it stops where no picture comes again in two epochs", async () => {
  const { embed, computed } = watched();
  await embed("12", 3);
  await embed("34", 4);
  await embed("12", 5);
  await embed("12", 5);
  expect(computed).toEqual(["12", "34", "12", "12"]);
});

Deno.test("createKnownPictures: pictures that are not finite are computed again, and told as they were", async () => {
  const known = createKnownPictures(1);
  let times = 0;
  for (const _ of [1, 2]) {
    const rows = await known.embed(
      Float32Array.of(1, 2),
      { count: 2, together: 2, epoch: 0 },
      () => (times++, Promise.resolve(Float32Array.of(NaN, 3))),
    );
    expect([...rows]).toEqual([NaN, 3]);
  }
  expect(times).toBe(2);
});

const plain: AnyObjective = objective("plain", singleCaption(), contrastive());

/** Two batches of the same pictures, of which the second has them in another order, the last a new one. */
function batches(fresh: boolean): readonly Batch[] {
  const first = miniBatch(7, { caption: 1 }, 11);
  const second = miniBatch(7, { caption: 1 }, 12);
  const each = first.pixels.length / 7;
  const pixels = second.pixels.slice();
  const order = [6, 2, 4, 0, 1, 3, 5].slice(0, fresh ? 6 : 7);
  order.forEach((from, to) =>
    pixels.set(first.pixels.subarray(from * each, (from + 1) * each), to * each)
  );
  return [first, { ...second, pixels, epoch: 1 }];
}

async function losses(
  device: Device,
  { keepPictures, frozen, fresh = true, forget = false }: {
    readonly keepPictures: boolean;
    readonly frozen: readonly string[];
    readonly fresh?: boolean;
    readonly forget?: boolean;
  },
): Promise<readonly number[]> {
  const model = miniClip(5);
  const parameters = await uploadParameters(device, model);
  const trained = selectTrained(model.parameters, { frozen });
  const optimizer = adamw({ lr: 1e-3 });
  const state = createTrainingState({
    device,
    parameters,
    trained,
    optimizer,
    objectives: [plain],
  });
  const step = await createTrainStep({
    ...{ device, model, state, recipe: { optimizer }, chunk: 3, keepPictures },
  });
  const found: number[] = [];
  for (const batch of batches(fresh)) {
    found.push((await step.add(plain, batch, 0)).loss);
    await step.update(1e-3, found.length);
    // A tower that is not asked again may as well be nothing.
    if (forget) parameters.get("visual.proj")!.clear();
  }
  step.dispose();
  disposeState(state);
  return found;
}

Deno.test("createTrainStep: a frozen image tower is not asked for what it has embedded, with the same bits", async () => {
  const device = await openDevice("cpu");
  const frozen = ["image"];
  const without = await losses(device, { keepPictures: false, frozen });
  expect(await losses(device, { keepPictures: true, frozen })).toEqual(without);
  const known = { frozen, fresh: false };
  const [, again] = await losses(device, { ...known, keepPictures: false });
  const [, kept] = await losses(device, { ...known, keepPictures: true, forget: true });
  const [, lost] = await losses(device, { ...known, keepPictures: false, forget: true });
  expect([kept, lost]).toEqual([again, NaN]);
  await device.dispose();
});

Deno.test("createTrainStep: of an image tower that is trained nothing is kept", async () => {
  const device = await openDevice("cpu");
  const without = await losses(device, { keepPictures: false, frozen: ["text"] });
  expect(await losses(device, { keepPictures: true, frozen: ["text"] })).toEqual(without);
  await device.dispose();
});
