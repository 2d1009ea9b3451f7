import { expect } from "expect";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import { objective } from "../../../../core/objective.ts";
import { adamw } from "../../../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../../../core/training/optimizers/warmup_cosine.ts";
import { loadModel } from "../../../../plugins/app/models/load_model.ts";
import { createTrainer } from "../../../../plugins/app/models/trainer.ts";
import { openTrainer } from "../../../../plugins/app/models/open_trainer.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { scenes } from "../../../../plugins/scenes/scenes.ts";
import { tinyClip } from "../../../../plugins/scenes/tiny_clip.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import type { DataSource } from "../../../../core/dataset.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const quiet = { device: "cpu", log: () => {} } as const;

Deno.test("createTrainer: a picture that comes again is decoded once", async () => {
  const asked: number[] = [];
  const source = scenes({ length: 10, seed: 2 });
  const counted: DataSource = {
    ...source,
    open: async (context) => {
      const data = await source.open(context);
      return {
        ...data,
        pixels: (index, operation) => (asked.push(index), data.pixels(index, operation)),
      };
    },
  };
  await using model = await loadModel("tiny", quiet);
  await using trainer = await createTrainer(model, {
    data: counted,
    objectives: [objective("contrastive", singleCaption(), contrastive())],
    optimizer: adamw({ lr: 1e-3 }),
    batch: 5,
  });
  for (let batch = 0; batch < 4; batch++) await trainer.nextBatch();
  expect(asked.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

Deno.test("createTrainer: steps by hand are those of the recipe, to the last bit of the model", () =>
  withFolder(async (folder) => {
    const steps = 3;
    const settings = {
      // Three batches of 8 are more than an epoch.
      data: scenes({ length: 20, seed: 2 }),
      objectives: [
        objective("contrastive", singleCaption(), contrastive()),
        objective("again", singleCaption(), contrastive()),
      ],
      optimizer: adamw({ lr: 1e-3 }),
      batch: 8,
      frozen: ["image"],
      clipNorm: 1,
      seed: 3,
    };
    const schedule = warmupCosine({ warmup: 0.5 });
    const recipe = defineRecipe({
      ...settings,
      ...{ name: "by-recipe", description: "The same", model: tinyClip(), schedule, steps },
    });
    const { folder: run } = await runRecipe(recipe, { device: "cpu", runs: folder, hooks: [] });
    const lines = (await Deno.readTextFile(`${run}/metrics.jsonl`)).trim().split("\n")
      .map((line) => JSON.parse(line));

    await using model = await loadModel("tiny", quiet);
    await using trainer = await createTrainer(model, settings);
    for (let step = 0; step < steps; step++) {
      const batch = await trainer.nextBatch();
      const lr = settings.optimizer.lr * schedule.factor(step, steps);
      const { loss, terms, gradientNorm } = await trainer.step(batch, lr);
      expect({ loss, terms, gradientNorm, objective: batch.objective }).toEqual({
        loss: lines[step].loss,
        terms: lines[step].terms,
        gradientNorm: lines[step].gradientNorm,
        objective: lines[step].objective,
      });
    }
    expect(trainer.steps).toBe(steps);
    await model.save(`${folder}/by-hand`);
    const card = await Deno.readTextFile(`${folder}/by-hand/README.md`);
    expect(card).toContain(`A fine-tune of ${model.name} by a script's own loop`);
    expect(card).toContain(`| Steps × batch | ${steps} × ${recipe.batch} |`);
    expect(card).toContain(`| Data | ${trainer.data.name} |`);
    const [byHand, byRecipe] = await Promise.all(
      [`${folder}/by-hand`, `${run}/model`].map((at) =>
        openSafetensors(`${at}/open_clip_model.safetensors`)
      ),
    );
    for (const name of byRecipe!.names) {
      expect(await byHand!.readFloat32(name)).toEqual(await byRecipe!.readFloat32(name));
    }
  }));

Deno.test("createTrainer: settings are checked as a recipe's, and a loss that is not finite is an error", async () => {
  await using model = await loadModel("tiny", quiet);
  const settings = {
    data: scenes({ length: 20, seed: 2 }),
    objectives: [objective("contrastive", singleCaption(), contrastive())],
    optimizer: adamw({ lr: 1e-3 }),
    batch: 4,
  };
  await expect(openTrainer(model, { ...settings, batch: 0 })).rejects
    .toThrow("batch: expected a whole number of at least 1, found 0");
  await expect(createTrainer(model, { ...settings, batch: 21 })).rejects
    .toThrow("expected at least a batch of 21");
  await expect(createTrainer(model, { ...settings, frozen: ["txt"] })).rejects
    .toThrow('frozen: "txt" is neither a part nor a pattern');
  await using trainer = await createTrainer(model, settings);
  const batch = await trainer.nextBatch();
  const stranger = { ids: [], epoch: 0, objective: "contrastive" };
  await expect(trainer.step(stranger)).rejects.toThrow("expected one that nextBatch gave");
  const projection = model.parameters.get("text_projection")!;
  projection.write(new Float32Array(projection.bytes / 4).fill(NaN));
  const [before] = await model.embedImages([{ width: 1, height: 1, data: new Uint8Array(3) }]);
  await expect(trainer.step(batch)).rejects
    .toThrow(/^step 1: contrastive: .*left as they were before it/);
  expect(await model.embedImages([{ width: 1, height: 1, data: new Uint8Array(3) }]))
    .toEqual([before]);
});
