import { loadModel } from "@syntagma/syntagma/models";
import { deepEqual, notEqual } from "node:assert/strict";
import { bestCaption } from "./similarity.ts";
import { trainByHand } from "./train_by_hand.ts";

const pictures = `${import.meta.dirname}/../triplet/testdata`;

Deno.test("bestCaption: the model that comes along tells a red picture from a blue one", async () => {
  const captions = ["a red circle", "a blue square"];
  for (const [place, name] of ["red.png", "blue.png"].entries()) {
    deepEqual(await bestCaption("tiny", `${pictures}/${name}`, captions), captions[place]);
  }
});

Deno.test("trainByHand: trains what is not frozen, twice the same", async () => {
  const losses: (readonly number[])[] = [];
  for (let run = 0; run < 2; run++) {
    await using model = await loadModel("tiny", { device: "cpu" });
    const before = await model.embedTexts(["a red circle"]);
    losses.push(await trainByHand(model, 3));
    notEqual((await model.embedTexts(["a red circle"])).join(), before.join());
  }
  deepEqual(losses[0], losses[1]);
});
