import { expect } from "expect";
import type { Recipe } from "../../core/recipe.ts";
import ceClip16 from "../../recipes/ce_clip_vitb16.ts";
import ceClip32 from "../../recipes/ce_clip_vitb32.ts";
import ceClipLarge from "../../recipes/ce_clip_vitl14.ts";
import negclip16 from "../../recipes/negclip_vitb16.ts";
import negclip32 from "../../recipes/negclip_vitb32.ts";
import negclipLarge from "../../recipes/negclip_vitl14.ts";

/** 5 epochs of captions, of which COCO's train2014 has 414,113. */
function checkEpochs({ data, batch, epochs, steps, schedule }: Recipe): void {
  expect(data.options).toMatchObject({ examples: "captions", limit: null });
  expect({ batch, epochs, steps }).toEqual({ batch: 256, epochs: 5, steps: null });
  const total = 5 * Math.floor(414_113 / 256);
  expect([0, 24, 49].map((step) => schedule.factor(step, total))).toEqual([0.02, 0.5, 1]);
}

Deno.test("ce-clip recipes: strict negatives with a loss that leaves out what they lack", () => {
  for (const recipe of [ceClip32, ceClip16, ceClipLarge]) {
    checkEpochs(recipe);
    const [{ composer, loss }] = recipe.objectives as [Recipe["objectives"][number]];
    expect(composer.options).toMatchObject({
      crop: [0.9, 1],
      negatives: {
        name: "ceClipNegatives",
        preset: "strict",
        missing: "null",
        unchanged: "drop",
        proposer: { name: "wordnet" },
      },
    });
    expect(loss.options).toMatchObject({
      imcVariant: "paper",
      invalidNegatives: "drop",
      cmr: 0.2,
      imc: 0.3,
      threshold: "adaptive",
    });
    expect(recipe.optimizer.options)
      .toMatchObject({ lr: 5e-6, betas: [0.9, 0.98], eps: 1e-6, weightDecay: 0.1 });
    expect([recipe.seed, recipe.frozen]).toEqual([42, []]);
  }
});

Deno.test("negclip recipes: rows of three neighbours, once through all captions an epoch", () => {
  for (const recipe of [negclip32, negclip16, negclipLarge]) {
    checkEpochs(recipe);
    expect(recipe.objectives[0]!.composer.options).toMatchObject({
      neighbours: 3,
      crop: [0.9, 1],
      negatives: { name: "negclipSwaps", preset: "released" },
    });
    expect(recipe.optimizer.options).toMatchObject({ lr: 1e-6, betas: [0.9, 0.98] });
  }
});
