import { testLoss } from "@syntagma/syntagma/authoring";
import { tryRecipe } from "@syntagma/syntagma/runs";
import { deepEqual } from "node:assert/strict";
import recipe, { tripletLoss, triplets, whatsUp } from "./recipe.ts";

Deno.test("tripletLoss: both halves by hand, the gradient by finite differences", async () => {
  // Each picture is its own text, each negative picture its negative text; all are at right angles
  // to the others: at scale 1, log(1 + 3/e) to the four texts, log(1 + 1/e) to the two pictures.
  const [image, other] = [[1, 0, 0, 0, 0, 1, 0, 0], [0, 0, 1, 0, 0, 0, 0, 1]];
  const half = (Math.log(1 + 3 / Math.E) + Math.log(1 + 1 / Math.E)) / 2;
  await testLoss(tripletLoss({ negativeWeight: 0.5 }), {
    logitScale: 1,
    embeddings: { image, images: { negative: other }, text: { caption: image, negative: other } },
    expected: { total: 1.5 * half, positive: half, negative: half },
  });
  await testLoss(tripletLoss());
});

Deno.test("recipe: trains on triplets of files and scores What'sUp", async () => {
  const folder = `${import.meta.dirname}/testdata`;
  const data = triplets({ path: `${folder}/triplets.jsonl`, images: folder });
  const evaluators = [whatsUp({ images: folder, annotations: folder })];
  const { after } = await tryRecipe(recipe, { data, evaluators });
  deepEqual(after.map(({ dataset }) => dataset), ["whatsup/images", "whatsup/clevr"]);
});
