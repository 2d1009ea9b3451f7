import { defineRecipe } from "@syntagma/syntagma";
import { testLoss } from "@syntagma/syntagma/authoring";
import { runRecipe } from "@syntagma/syntagma/runs";
import { tinyClip } from "@syntagma/syntagma/scenes";
import { deepEqual } from "node:assert/strict";
import recipe from "./recipe.ts";
import { tripletLoss } from "./triplet_loss.ts";
import { triplets } from "./triplets.ts";
import { whatsUp } from "./whats_up.ts";

Deno.test("tripletLoss: both halves by hand, the gradient by finite differences", async () => {
  // Each picture is its own text, each negative picture its negative text; all are at right angles
  // to the others: at scale 1, log(1 + 3/e) to the four texts, log(1 + 1/e) to the two pictures.
  const basis = (places: number[]) => places.flatMap((at) => [0, 1, 2, 3].map((i) => +(i === at)));
  const [own, other] = [basis([0, 1]), basis([2, 3])];
  const text = { caption: own, negative: other };
  const half = (Math.log(1 + 3 / Math.E) + Math.log(1 + 1 / Math.E)) / 2;
  const shape = { groups: { caption: 1, negative: 1 }, pictures: { negative: 1 }, logitScale: 1 };
  await testLoss(tripletLoss({ negativeWeight: 0.5 }), {
    ...{ ...shape, batch: 2, dim: 4 },
    embeddings: { image: own, images: { negative: other }, text },
    expected: { total: 1.5 * half, positive: half, negative: half },
  });
  await testLoss(tripletLoss(), { ...shape, batch: 3, dim: 3 });
});

Deno.test("recipe: trains on triplets of files and scores What'sUp", async () => {
  const folder = `${import.meta.dirname}/testdata`;
  const runs = await Deno.makeTempDir();
  const data = triplets({ path: `${folder}/triplets.jsonl`, images: folder });
  const evaluators = [whatsUp({ images: folder, annotations: folder })];
  const few = { model: tinyClip(), data, evaluators, batch: 2, steps: 2 };
  const run = await runRecipe(defineRecipe({ ...recipe, ...few }), { device: "cpu", runs });
  deepEqual(run.after.map(({ dataset }) => dataset), ["whatsup/images", "whatsup/clevr"]);
  await Deno.remove(runs, { recursive: true });
});
