import { defineRecipe } from "@syntagma/syntagma";
import { assetsFromEnvironment } from "@syntagma/syntagma/assets";
import { testLoss } from "@syntagma/syntagma/authoring";
import { createImagePool } from "@syntagma/syntagma/image-files";
import { createProgress, runRecipe } from "@syntagma/syntagma/runs";
import { tinyClip } from "@syntagma/syntagma/scenes";
import { deepEqual } from "node:assert/strict";
import recipe from "./recipe.ts";
import { tripletLoss } from "./triplet_loss.ts";
import { triplets } from "./triplets.ts";
import { whatsUp } from "./whats_up.ts";

Deno.test("tripletLoss: both halves by hand, the gradient by finite differences", async () => {
  // Each picture is its own text and at a right angle to the other: at scale 1, log(1 + 1/e) to the
  // texts, and 0 to the one picture.
  const half = Math.log(1 + Math.exp(-1)) / 2;
  const embeddings = {
    image: [1, 0, 0, 1],
    text: { caption: [1, 0, 0, 1], negative: [0, 1, 1, 0] },
  };
  const shape = { dim: 2, groups: { caption: 1, negative: 1 }, logitScale: 1 };
  const expected = { total: 1.5 * half, positive: half, negative: half };
  await testLoss(tripletLoss({ negativeWeight: 0.5 }), {
    ...shape,
    batch: 2,
    embeddings,
    expected,
  });
  await testLoss(tripletLoss(), { ...shape, batch: 6, dim: 3 });
});

Deno.test("recipe: trains on triplets of files and scores What'sUp", async () => {
  const folder = `${import.meta.dirname}/testdata`;
  const runs = await Deno.makeTempDir();
  const data = triplets({ path: `${folder}/triplets.jsonl`, images: folder });
  const evaluators = [whatsUp({ images: folder, annotations: folder })];
  const small = defineRecipe({
    ...recipe,
    model: tinyClip(),
    data,
    evaluators,
    batch: 2,
    steps: 2,
  });
  using images = createImagePool({ workers: 0 });
  const context = { assets: assetsFromEnvironment(), images, log: console.log };
  const progress = createProgress(Deno.stderr, { terminal: false, width: () => 80 });
  const run = await runRecipe(small, { device: "cpu", runs, context, progress });
  deepEqual(run.after.map(({ dataset }) => dataset), ["whatsup/images", "whatsup/clevr"]);
  await Deno.remove(runs, { recursive: true });
});
