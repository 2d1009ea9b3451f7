import { expect } from "expect";
import { createAssets } from "../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../core/host/images/pool.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { createProgress } from "../../plugins/app/terminal/progress.ts";
import { runRecipe } from "../../plugins/app/runs/run.ts";
import { warmupCosine } from "../../core/training/optimizers/warmup_cosine.ts";
import type { Context } from "../../core/context.ts";
import { defineRecipe } from "../../core/define_recipe.ts";
import { objective } from "../../core/objective.ts";
import { replace } from "../../plugins/clove/replace.ts";
import { captionNegatives } from "../../plugins/contrastive/caption_negatives.ts";
import { hardNegativeContrastive } from "../../plugins/contrastive/hard_negative_contrastive.ts";
import { patch } from "../../plugins/patching/patch.ts";
import { scenes } from "../../plugins/scenes/scenes.ts";
import { tinyClip } from "../../plugins/scenes/tiny_clip.ts";
import base16 from "../../recipes/clove_vitb16.ts";
import base32 from "../../recipes/clove_vitb32.ts";
import large14 from "../../recipes/clove_vitl14.ts";
import { createSink } from "../helpers/text_sink.ts";
import { withFolder } from "../helpers/with_folder.ts";

Deno.test("clove recipes: have the paper's numbers", () => {
  for (const recipe of [base32, base16, large14]) {
    const { batch, steps, schedule, optimizer, model, after, frozen } = recipe;
    // A billion examples and not a step more.
    expect(batch * steps!).toBeGreaterThanOrEqual(1e9);
    expect(batch * (steps! - 1)).toBeLessThan(1e9);
    expect([0, 999, 1999].map((step) => schedule.factor(step, steps!))).toEqual([1 / 2000, 0.5, 1]);
    expect(schedule.factor(steps! - 1, steps!)).toBeLessThan(1e-9);
    expect(optimizer.options).toMatchObject({
      lr: 1e-6,
      betas: [0.9, 0.98],
      eps: 1e-6,
      weightDecay: 0.1,
    });
    expect(model.options).toMatchObject({ context: 64 });
    expect(String(model.options.architecture)).toMatch(/-quickgelu$/);
    expect(after.map(({ stage }) => stage)).toEqual(["patch-0.6"]);
    expect(frozen).toEqual([]);
    // The published code's negatives.
    expect(recipe.objectives[0]!.composer.options.negatives).toMatchObject({
      name: "replace",
      skip: "released",
      determiners: true,
      choices: 2,
      prepositions: "any",
      articles: "keep",
    });
  }
});

Deno.test("clove: trains, patches and ends, on the embedded CLIP and its world", () =>
  withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/cache`, offline: true });
    const context: Context = { assets, images, log: () => {} };
    const recipe = defineRecipe({
      name: "clove-tiny",
      description: "CLoVe on the embedded world",
      model: tinyClip(),
      data: scenes({ length: 64, seed: 3 }),
      objectives: [
        objective(
          "clove",
          captionNegatives({ negatives: replace(), crop: [0.9, 1] }),
          hardNegativeContrastive(),
        ),
      ],
      frozen: ["image"],
      optimizer: adamw({ lr: 1e-4 }),
      schedule: warmupCosine({ warmup: 0 }),
      batch: 8,
      steps: 2,
      after: [patch({ alpha: 0.6 })],
    });
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const run = await runRecipe(recipe, { device: "cpu", runs: folder, context, progress });
    expect(run).toMatchObject({ steps: 2, completed: true });
    const lines = (await Deno.readTextFile(`${run.folder}/metrics.jsonl`)).trim().split("\n");
    for (const line of lines) {
      const { terms, loss } = JSON.parse(line);
      // L = ½ (image to text + text to image); hard negatives are only in the former.
      expect((terms.imageToText + terms.textToImage) / 2).toBeCloseTo(loss, 5);
    }
    // In one parameter: 0.4 of what it was and 0.6 of what it became.
    const read = async (weights?: string) => {
      const model = await tinyClip(weights === undefined ? {} : { weights }).load(context);
      return (await model.read()).get("text_projection")!.data;
    };
    const before = await read();
    const patched = await read(`${run.folder}/model/open_clip_model.safetensors`);
    const trained = await read(`${run.folder}/model-trained/open_clip_model.safetensors`);
    expect(trained).not.toEqual(before);
    const expected = before.map((value, i) => 0.4 * value + 0.6 * trained[i]!);
    for (const [i, value] of expected.entries()) expect(patched[i]).toBeCloseTo(value, 6);
  }));
