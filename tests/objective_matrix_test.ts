/** Any composer with any loss whose text groups it provides: that is what the interfaces promise. */
import { expect } from "expect";
import { openDevice } from "../core/runtime/mod.ts";
import { uploadParameters } from "../core/towers/mod.ts";
import {
  adamw,
  createTrainingState,
  disposeState,
  type StepRecord,
  train,
  warmupCosine,
} from "../core/training/mod.ts";
import { prepareObjectives } from "../core/training/prepare.ts";
import { type Composer, defineRecipe, type Objective, objective } from "../mod.ts";
import { ceClipLoss, ceClipNegatives } from "../plugins/ce_clip/mod.ts";
import { clicLoss, clicPairs } from "../plugins/clic/mod.ts";
import { replace } from "../plugins/clove/mod.ts";
import {
  captionNegatives,
  contrastive,
  hardNegativeContrastive,
  singleCaption,
} from "../plugins/contrastive/mod.ts";
import { winkTagger } from "../plugins/language/mod.ts";
import { negclipRows, negclipSwaps } from "../plugins/negclip/mod.ts";
import { memoryDataSet } from "./memory_data_set.ts";
import { settings } from "./recipe_fixture.ts";
import { miniClip } from "./small_clip.ts";

const tagger = winkTagger();

const composers: readonly Composer<string>[] = [
  singleCaption({ caption: "random" }),
  captionNegatives({ negatives: negclipSwaps({ tagger }) }),
  captionNegatives({ negatives: replace(), crop: [0.9, 1] }),
  captionNegatives({ negatives: ceClipNegatives({ tagger }), caption: "random" }),
  negclipRows({ negatives: negclipSwaps({ tagger }), neighbours: 2 }),
  negclipRows({ negatives: ceClipNegatives({ tagger }), crop: [0.5, 1] }),
  clicPairs({ tagger, preset: "strict" }),
  clicPairs({ tagger, preset: "strict", negatives: 4 }),
];

/** A composer with every loss that fits; those that need a number of negatives get the composer's. */
function objectivesOf(composer: Composer<string>): readonly Objective[] {
  const { groups } = composer;
  const slots = groups.negative ?? 1;
  return [
    objective("any", composer, contrastive()),
    objective("any", composer, hardNegativeContrastive()),
    objective("any", composer, ceClipLoss({ slots })),
    objective("any", composer, ceClipLoss({ slots, preset: "released", threshold: "max" })),
    objective("any", composer, ceClipLoss({ slots, imcVariant: "contrast", threshold: "fixed" })),
    objective("any", composer, clicLoss()),
    objective("any", composer, clicLoss({ denominator: "unified" })),
  ].filter(({ loss }) =>
    loss.needs.every((group) => group in groups) &&
    // CLIC's loss is of one negative.
    (loss.name !== "clicLoss" || slots === 1)
  );
}

const data = memoryDataSet(Array.from({ length: 8 }, (_, i) => ({
  captions: [
    `A small dog ${i} watches a cat on a red sofa ${i + 1} near a table.`,
    `A bird ${i} and 2 old horses stand behind a fence ${i}.`,
  ],
  picture: { width: 10, height: 8, color: [30 * i, 255 - 30 * i, 128] as const },
})));

/** Two steps of an objective. */
async function twoSteps(each: Objective): Promise<readonly StepRecord[]> {
  const device = await openDevice("cpu");
  const model = miniClip(3);
  const parameters = await uploadParameters(device, model);
  const recipe = await prepareObjectives(
    defineRecipe(settings({
      objectives: [each],
      optimizer: adamw({ lr: 1e-3 }),
      schedule: warmupCosine({ warmup: 1 }),
      batch: 4,
    })),
    {
      device,
      model,
      parameters,
      data,
      rehearsal: false,
      assets: {
        file: () => Promise.reject(new Error("no files")),
        optionalFile: () => Promise.reject(new Error("no files")),
      },
      log: () => {},
    },
  );
  const state = createTrainingState({ ...recipe, device, parameters, trained: model.parameters });
  const records: StepRecord[] = [];
  try {
    await train({
      recipe,
      device,
      model,
      data,
      state,
      from: { step: 0, next: { epoch: 0, position: 0 }, epoch: 0 },
      total: 2,
      hooks: {
        onLine: () => {},
        lastCheckpoint: () => undefined,
        onStep: (record) => {
          records.push(record);
          return Promise.resolve();
        },
      },
    });
  } finally {
    disposeState(state);
    await device.dispose();
  }
  return records;
}

for (const composer of composers) {
  const { negatives } = composer.options as { readonly negatives?: number | { name: string } };
  const of = typeof negatives === "object" ? negatives.name : negatives ?? "none";
  for (const each of objectivesOf(composer)) {
    const { name, options: { imcVariant, denominator } } = each.loss;
    const what = `${composer.name} (negatives: ${of}) with ${name}`;
    Deno.test(`objective: ${[what, imcVariant ?? denominator ?? ""].join(" ").trim()}`, async () => {
      const records = await twoSteps(each);
      expect(records.length).toBe(2);
      for (const { loss: value, terms } of records) {
        expect(Number.isFinite(value)).toBe(true);
        for (const [name, term] of Object.entries(terms)) {
          expect([name, Number.isFinite(term)]).toEqual([name, true]);
        }
      }
      // Two batches of the same epoch are different examples, on different parameters.
      expect(records[1]!.loss).not.toBe(records[0]!.loss);
    });
  }
}

Deno.test("objective: a loss whose text groups the composer lacks does not compile", () => {
  const ranked = objective("ranked", clicPairs({ negatives: 4 }), ceClipLoss({ slots: 4 }));
  expect(Object.keys(ranked.composer.groups)).toEqual(
    expect.arrayContaining([...ranked.loss.needs]),
  );
  // @ts-expect-error: single captions have no negatives
  objective("ce-clip", singleCaption(), ceClipLoss());
  // @ts-expect-error: nor for this loss
  objective("negclip", singleCaption(), hardNegativeContrastive());
  // @ts-expect-error: NegCLIP's rows have captions, not positives
  objective("clic", negclipRows(), clicLoss());
});
