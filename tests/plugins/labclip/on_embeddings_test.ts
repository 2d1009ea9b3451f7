import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { openCheckpoint } from "../../../core/host/storage/checkpoint.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { adamw } from "../../../core/training/optimizers/adamw.ts";
import { warmupCosine } from "../../../core/training/optimizers/warmup_cosine.ts";
import { defineRecipe } from "../../../core/define_recipe.ts";
import { type Composer, objective } from "../../../core/objective.ts";
import type { Context } from "../../../core/context.ts";
import type { DataSet } from "../../../core/dataset.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { embedComposed } from "../../../plugins/labclip/embed_composed.ts";
import { singleCaption } from "../../../plugins/contrastive/single_caption.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { Weights } from "../../../core/transformation.ts";
import { createProgress } from "../../../plugins/app/terminal/progress.ts";
import { runRecipe } from "../../../plugins/app/runs/run.ts";
import { captionNegatives } from "../../../plugins/contrastive/caption_negatives.ts";
import { foldMatrix } from "../../../plugins/labclip/fold_matrix.ts";
import { labclipLoss } from "../../../plugins/labclip/loss.ts";
import { onEmbeddings } from "../../../plugins/labclip/on_embeddings.ts";
import { negclipSwaps } from "../../../plugins/negclip/swaps.ts";
import { scenes } from "../../../plugins/scenes/scenes.ts";
import { tinyClip } from "../../../plugins/scenes/tiny_clip.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const rows = captionNegatives({ negatives: negclipSwaps() });

const recipe = (composer: typeof rows, more: Partial<Recipe> = {}): Recipe =>
  defineRecipe({
    name: "labclip-test",
    description: "LABCLIP on the embedded world",
    model: tinyClip(),
    data: scenes({ length: 16, seed: 3, objects: [1, 2] }),
    objectives: [objective("labclip", composer, labclipLoss())],
    trained: ["loss"],
    optimizer: adamw({ lr: 1e-2, weightDecay: 0 }),
    schedule: warmupCosine({ warmup: 0 }),
    batch: 8,
    // Two steps: one epoch, in which every row is as it was embedded.
    steps: 2,
    after: [foldMatrix()],
    ...more,
  });

Deno.test("onEmbeddings: gives the losses of the rows themselves, and the matrix goes into the model", () =>
  withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/cache`, offline: true });
    const context = { assets, images, log: () => {} };
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const run = (of: Recipe) =>
      runRecipe(of, { device: "cpu", runs: folder, context, progress, hooks: [] });
    const lossesOf = async ({ folder }: { readonly folder: string }) =>
      (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trim().split("\n")
        .map((line) => JSON.parse(line).loss as number);
    const embedded = await run(recipe(onEmbeddings({ composer: rows })));
    const [found, expected] = [await lossesOf(embedded), await lossesOf(await run(recipe(rows)))];
    expect(expected.length).toBe(2);
    expect(expected[1]).not.toBe(expected[0]);
    expect(found[0]).toBeCloseTo(expected[0]!, 5);
    // Adam's first step follows the gradient's signs, of which rounding changes some near 0.
    expect(Math.abs(found[1]! / expected[1]! - 1)).toBeLessThan(1e-3);

    // The folded projection is the old one times the matrix, in three of its places.
    const read = async (weights?: string): Promise<Weights> =>
      await (await tinyClip(weights === undefined ? {} : { weights }).load(context)).read();
    const [before, after] = [
      (await read()).get("text_projection")!,
      (await read(`${embedded.folder}/model/open_clip_model.safetensors`)).get("text_projection")!,
    ];
    const losses = await openCheckpoint(`${embedded.folder}/model/losses.safetensors`);
    const matrix = await losses.readFloat32("labclip.matrix");
    const [width, dim] = before.shape as [number, number];
    for (const [row, column] of [[0, 0], [3, 70], [width - 1, dim - 1]] as const) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += before.data[row * dim + k]! * matrix[k * dim + column]!;
      expect(after.data[row * dim + column]).toBeCloseTo(sum, 5);
    }
    expect(after.data).not.toEqual(before.data);

    await expect(run(recipe(onEmbeddings({ composer: rows }), { trained: null }))).rejects
      .toThrow(
        'frozen: expected "image" in it, as the batches hold what the tower made of them before ' +
          "training, found that it is trained",
      );
  }));

Deno.test("embedComposed: a picture is decoded once for its captions, and embedded once", async () => {
  // Three pictures of five captions each.
  const colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255]] as const;
  const pictures = memoryDataSet(
    colors.flatMap((color) =>
      ["a lamp", "a light", "a bulb", "a torch", "a lantern"].map((caption) => ({
        captions: [caption],
        picture: { width: 4, height: 2, color },
      }))
    ),
  );
  const asked: number[] = [];
  const pixels: DataSet["pixels"] = (index, operation) => {
    asked.push(index);
    return pictures.pixels(index, operation);
  };
  const embedded: number[] = [];
  const rows = await embedComposed(singleCaption() as unknown as Composer<string>, 0, {
    data: { ...pictures, pixels, pictureOf: (index) => 5 * Math.floor(index / 5) },
    preprocessing: { mean: [0, 0, 0], deviation: [1, 1, 1], size: 2 },
    log: () => {},
    keptEncoder: () =>
      Promise.resolve({
        dim: 1,
        images: async (count, read) => {
          const found = await Promise.all(Array.from({ length: count }, (_, i) => read(i)));
          const blue = found.map(({ data }) => data[2]!);
          embedded.push(...blue);
          return Float32Array.from(blue);
        },
        texts: (texts) => Promise.resolve(new Float32Array(texts.length).fill(1)),
      }),
  });
  expect(asked).toEqual([0, 5, 10]);
  expect(embedded).toEqual([0, 0, 255]);
  const image = (index: number) => {
    const found = rows.at(index);
    return found instanceof PictureError ? found : [...found[0]!.embeddings.image];
  };
  expect([image(0), image(9), image(10), image(14)]).toEqual([[0], [0], [255], [255]]);
});

Deno.test("embedComposed: refuses rows with more than a picture of the model's own normalisation", async () => {
  const data = await scenes({ length: 2, seed: 3 }).open({} as Context);
  const encoder: Encoder = {
    dim: 1,
    images: (count) => Promise.resolve(new Float32Array(count).fill(1)),
    texts: (texts) => Promise.resolve(new Float32Array(texts.length).fill(1)),
  };
  const normalization = { mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
  const preprocessing = { ...normalization, size: 8 };
  const prepare = (composer: Composer<string>) =>
    embedComposed(composer, 0, {
      ...{ data, preprocessing, log: () => {} },
      keptEncoder: () => Promise.resolve(encoder),
    });
  const one = singleCaption() as unknown as Composer<string>;
  expect((await prepare(one)).at(1)).toMatchObject([{ id: "scenes/3/1" }]);
  await expect(prepare({ ...one, pictures: { other: 1 } } as unknown as Composer<string>)).rejects
    .toThrow("expected rows with one picture, found singleCaption, which has more");
  const compose: Composer<string>["compose"] = async (index, context) =>
    (await one.compose(index, context)).map((row) => ({ ...row, normalization }));
  await expect(prepare({ ...one, compose })).rejects.toThrow(
    "expected rows with the model's own normalisation, found another in singleCaption, row scenes/3/0",
  );
});
