/** A run of a method that uses what methods can: parameters of its loss, teachers, averages, clipping. */
import type { RunEstimate } from "../../../../plugins/app/runs/run_options.ts";
import { expect } from "expect";
import { l2Normalize } from "../../../../core/graph/composite.ts";
import { add, square, sub } from "../../../../core/graph/elementwise.ts";
import { matmul, reshape } from "../../../../core/graph/linear.ts";
import { mean } from "../../../../core/graph/reduce.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { openSafetensors } from "../../../../core/host/storage/safetensors.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { Loss, LossContext } from "../../../../core/loss.ts";
import { objective } from "../../../../core/objective.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import { dryRun } from "../../../../plugins/app/runs/dry_run.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import type { RunOptions } from "../../../../plugins/app/runs/run_options.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import {
  contrastiveLogits,
  symmetricContrastive,
} from "../../../../plugins/contrastive/symmetric_contrastive.ts";
import { averagedWeights } from "../../../../plugins/patching/averaged_weights.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

type Asked = LossContext<"caption", never, "frozen" | "averaged">;

/** As LABCLIP: contrast of images with texts times a matrix; how far the texts are from two teachers. */
const matrixLoss: Loss<"caption", never, "frozen" | "averaged"> = {
  name: "matrixLoss",
  options: {},
  needs: ["caption"],
  extras: ["frozen", "averaged"],
  parameters: {
    matrix: {
      shape: ["dim", "dim"],
      initial: ([dim]) =>
        Float32Array.from({ length: dim! ** 2 }, (_, i) => i % (dim! + 1) === 0 ? 1 : 0),
    },
  },
  compute: ({ image, text, logitScale, parameters, extra }: Asked) => {
    const [rows, , dim] = text.caption.shape as [number, number, number];
    const mapped = matmul(reshape(text.caption, [rows, dim]), parameters.matrix!);
    const texts = reshape(l2Normalize(mapped), [rows, 1, dim]);
    const contrast = symmetricContrastive(contrastiveLogits(image, texts, logitScale));
    const drift = mean(square(sub(text.caption, extra.frozen.text.caption)));
    const lag = mean(square(sub(text.caption, extra.averaged.text.caption)));
    const images = mean(square(sub(image, extra.frozen.image)));
    return { total: add(contrast, drift), terms: { drift, lag, images } };
  },
  with: () => matrixLoss,
};

const recipe: Recipe = defineRecipe({
  ...tinyRun,
  name: "extras",
  objectives: [objective("lab", singleCaption(), matrixLoss)],
  trained: ["loss", "text_projection"],
  frozen: [],
  clipNorm: 0.05,
  average: { decay: 0.5 },
  after: [averagedWeights()],
  steps: 6,
  checkpointEvery: 2,
});

interface Line {
  readonly step: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly terms: Readonly<Record<"drift" | "lag" | "images", number>>;
}

async function linesOf(folder: string): Promise<Line[]> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

const valuesIn = async (path: string, name: string) =>
  await (await openSafetensors(path)).readFloat32(name);

Deno.test("runRecipe: parameters of losses, teachers and averages are trained, kept and resumed", () =>
  withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/cache`, offline: true });
    const context = { assets, images, log: () => {} };
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const world = { device: "cpu", context, progress } as const;
    const run = (options: Partial<RunOptions> = {}) =>
      runRecipe(recipe, { ...world, runs: folder, hooks: [], ...options });

    const whole = await run();
    const lines = await linesOf(whole.folder);
    // Both teachers begin as the model; then it leaves them, the frozen one for good.
    expect(lines[0]!.terms.drift).toBeLessThan(1e-12);
    expect(lines[0]!.terms.lag).toBeLessThan(1e-12);
    expect(lines.slice(1).every(({ terms }) => terms.drift > terms.lag && terms.lag > 0)).toBe(
      true,
    );
    expect(lines.every(({ terms }) => terms.images < 1e-12)).toBe(true);
    expect(lines.every(({ gradientNorm }) => gradientNorm > 0.05)).toBe(true);

    const trained = `${whole.folder}/model-trained/open_clip_model.safetensors`;
    const averaged = `${whole.folder}/model/open_clip_model.safetensors`;
    const name = "text_projection";
    const last = (await Array.fromAsync(Deno.readDir(`${whole.folder}/checkpoints`)))
      .map(({ name }) => name).sort().at(-1)!;
    const checkpoint = `${whole.folder}/checkpoints/${last}`;
    expect(await valuesIn(averaged, name)).toEqual(await valuesIn(checkpoint, `average:${name}`));
    expect(await valuesIn(trained, name)).toEqual(await valuesIn(checkpoint, `parameter:${name}`));
    expect(await valuesIn(averaged, name)).not.toEqual(await valuesIn(trained, name));
    // What alone is trained changes, and the loss's parameter stands beside the model.
    expect(
      (await openSafetensors(checkpoint)).names.filter((each) => each.startsWith("parameter:")),
    )
      .toEqual(["parameter:text_projection", "parameter:loss.lab.matrix"]);
    const model = await tinyRun.model.load(context);
    const before = await model.read();
    for (const spec of model.parameters) {
      const same = expect(await valuesIn(trained, spec.name));
      if (spec.name === name) same.not.toEqual(before.get(spec.name)!.data);
      else same.toEqual(before.get(spec.name)!.data);
    }
    const losses = `${whole.folder}/model/losses.safetensors`;
    const matrix = await valuesIn(losses, "lab.matrix");
    expect(matrix).toEqual(await valuesIn(checkpoint, "parameter:loss.lab.matrix"));
    expect(matrix[0]).not.toBe(1);
    expect((await openSafetensors(averaged)).has("loss.lab.matrix")).toBe(false);

    // A run that is stopped and goes on comes to the same, its teacher still the model as it began.
    const controller = new AbortController();
    const stopped = await run({
      signal: controller.signal,
      hooks: [{ name: "stop", onStep: ({ step }) => step === 3 ? controller.abort() : undefined }],
    });
    expect([stopped.steps, stopped.completed]).toEqual([3, false]);
    const resumed = await run({ resume: stopped.folder, embeddings: `${folder}/embeddings` });
    expect((await linesOf(resumed.folder)).map(({ loss, terms }) => ({ loss, terms })))
      .toEqual(lines.map(({ loss, terms }) => ({ loss, terms })));
    for (const path of ["model/open_clip_model.safetensors", "model/losses.safetensors"]) {
      expect(await Deno.readFile(`${resumed.folder}/${path}`))
        .toEqual(await Deno.readFile(`${whole.folder}/${path}`));
    }
    // The frozen model's embeddings of the last steps were kept.
    expect((await Array.fromAsync(Deno.readDir(`${folder}/embeddings`))).length).toBe(2);

    const { estimate } = await dryRun(recipe, {
      ...world,
      runs: folder,
      lookedFor: world.context.assets,
    });
    expect((estimate as RunEstimate).parameters.trained).toBe(32 * 16 + 16 * 16);
  }));
