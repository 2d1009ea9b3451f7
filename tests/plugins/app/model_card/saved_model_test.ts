import { expect } from "expect";
import { savedModel } from "../../../../plugins/app/model_card/saved_model.ts";
import type { LoadedModel } from "../../../../plugins/app/models/loaded_model.ts";
import { noteTraining, trainingsOf } from "../../../../plugins/app/models/trained_by_hand.ts";

const source = { name: "clip", options: { weights: "hf:me/base/model.safetensors" } };
const loaded = () => ({ name: "ViT-B-32", source }) as unknown as LoadedModel;

Deno.test("savedModel: a copy, and what a script trained, with what is to be cited", () => {
  const [copy, tuned] = [loaded(), loaded()];
  let steps = 0;
  const recipe = {
    objectives: [{ name: "clic", loss: { name: "clicLoss" } }],
    optimizer: { name: "adamw", lr: 1e-4 },
    ...{ batch: 8, seed: 3 },
  };
  noteTraining(tuned, { recipe, data: "captions.csv", steps: () => steps });
  // A trainer that made no step has changed nothing.
  expect(trainingsOf(tuned)).toEqual([]);
  steps = 5;
  const known = { clip: ["@misc{clip}"], clicLoss: ["@misc{clic}"], other: ["@misc{other}"] };
  expect(savedModel(copy, known)).toMatchObject({
    summary: "A copy of ViT-B-32, saved by a script",
    weights: "hf:me/base/model.safetensors",
    objectives: [],
    references: ["@misc{clip}"],
  });
  const { how, objectives, references } = savedModel(tuned, known);
  expect(how).toContainEqual(["Data", "captions.csv"]);
  expect(how).toContainEqual(["Optimiser", "adamw; lr 0.0001"]);
  expect(how).toContainEqual(["Steps × batch", "5 × 8"]);
  expect(objectives).toEqual(["clic"]);
  expect(references).toEqual(["@misc{clip}", "@misc{clic}"]);
});
