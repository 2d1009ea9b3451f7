import { defineRecipe } from "@syntagma/syntagma";
import { assetsFromEnvironment } from "@syntagma/syntagma/assets";
import { testLoss } from "@syntagma/syntagma/authoring";
import { createImagePool } from "@syntagma/syntagma/image-files";
import { createProgress, runRecipe } from "@syntagma/syntagma/runs";
import { tinyClip } from "@syntagma/syntagma/scenes";
import { deepEqual, equal } from "node:assert/strict";
import recipe from "./recipe.ts";
import { tripletLoss } from "./triplet_loss.ts";
import { triplets } from "./triplets.ts";
import { whatsUp } from "./whats_up.ts";

Deno.test("tripletLoss: both halves by hand, the gradient by finite differences", async () => {
  // A pair: picture and caption along x, negative picture and negative caption along y. Each picture
  // has scale 1 with its own text and 0 with the other: log(1 + 1/e) / 2 in one direction, 0 in the other.
  const expected = Math.log(1 + Math.exp(-1)) / 2;
  const embeddings = {
    image: [1, 0, 0, 1],
    text: { caption: [1, 0, 0, 1], negative: [0, 1, 1, 0] },
  };
  const shape = { dim: 2, groups: { caption: 1, negative: 1 }, logitScale: 1 };
  const values = { total: 1.5 * expected, positive: expected, negative: expected };
  await testLoss(tripletLoss({ negativeWeight: 0.5 }), {
    batch: 2,
    ...shape,
    embeddings,
    expected: values,
  });
  await testLoss(tripletLoss(), { batch: 6, ...shape, dim: 3 });
});

// PNG files of one pixel.
const head = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42m";
const pictures = {
  "red.png": "P4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC",
  "blue.png": "NgYPgPAAEDAQA2dBFAAAAAAElFTkSuQmCC",
};

Deno.test("recipe: trains on triplets of files and scores What'sUp", async () => {
  const folder = await Deno.makeTempDir();
  const lines = [["red", "blue"], ["blue", "red"]].map(([one, other]) =>
    JSON.stringify({
      image: `${one}.png`,
      caption: `a ${one} cube`,
      negative_image: `${other}.png`,
      negative_caption: `a ${other} cube`,
    })
  );
  const options = ["on", "under", "left of", "right of"].map((each) => `a cube ${each} a ball`);
  const items = JSON.stringify([{ image_path: "red.png", caption_options: options }]);
  await Deno.writeTextFile(`${folder}/triplets.jsonl`, lines.join("\n"));
  await Deno.writeTextFile(`${folder}/controlled_images_dataset.json`, items);
  await Deno.writeTextFile(`${folder}/controlled_clevr_dataset.json`, items);
  for (const [name, rest] of Object.entries(pictures)) {
    await Deno.writeFile(`${folder}/${name}`, Uint8Array.fromBase64(head + rest));
  }
  const small = defineRecipe({
    ...recipe,
    model: tinyClip(),
    data: triplets({ path: `${folder}/triplets.jsonl`, images: folder }),
    evaluators: [whatsUp({ images: folder, annotations: folder })],
    batch: 2,
    steps: 2,
  });
  using images = createImagePool({ workers: 0 });
  const context = { assets: assetsFromEnvironment(), images, log: console.log };
  const progress = createProgress(Deno.stderr, { terminal: false, width: () => 80 });
  const run = await runRecipe(small, { device: "cpu", runs: folder, context, progress });
  equal(run.steps, 2);
  deepEqual(run.after.map(({ dataset }) => dataset), ["whatsup/A", "whatsup/B"]);
  await Deno.remove(folder, { recursive: true });
});
