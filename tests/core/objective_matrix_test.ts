/** Any composer with any loss whose text groups it provides: that is what the interfaces promise. */
import { expect } from "expect";
import { openDevice } from "../../core/host/devices/open_device.ts";
import { uploadParameters } from "../../core/towers/device_parameters.ts";
import { adamw } from "../../core/training/optimizers/adamw.ts";
import { createTrainingState, disposeState } from "../../core/training/loop/state.ts";
import type { StepRecord } from "../../core/training/loop/step_record.ts";
import { train } from "../../core/training/loop/train.ts";
import { warmupCosine } from "../../core/training/optimizers/warmup_cosine.ts";
import { prepareObjectives } from "../../core/training/loop/prepare.ts";
import type { Assets } from "../../core/assets.ts";
import {
  type AnyComposer,
  type Composer,
  type Objective,
  objective,
} from "../../core/objective.ts";
import { defineRecipe } from "../../core/define_recipe.ts";
import type { AnyLoss } from "../../core/loss.ts";
import { ceClipLoss } from "../../plugins/ce_clip/loss.ts";
import { ceClipNegatives } from "../../plugins/ce_clip/negatives.ts";
import { clicPairs } from "../../plugins/clic/pairs.ts";
import { clicLoss } from "../../plugins/clic/loss.ts";
import { replace } from "../../plugins/clove/replace.ts";
import { captionNegatives } from "../../plugins/contrastive/caption_negatives.ts";
import { contrastive } from "../../plugins/contrastive/contrastive.ts";
import { hardNegativeContrastive } from "../../plugins/contrastive/hard_negative_contrastive.ts";
import { singleCaption } from "../../plugins/contrastive/single_caption.ts";
import type { NegativeGenerator } from "../../core/negative_generator.ts";
import { winkTagger } from "../../plugins/language/wink_tagger.ts";
import { frozenNegatives } from "../../plugins/negatives/frozen_negatives.ts";
import { writeNegatives } from "../../plugins/negatives/write_negatives.ts";
import { negclipRows } from "../../plugins/negclip/rows.ts";
import { negclipSwaps } from "../../plugins/negclip/swaps.ts";
import { knownWords } from "../../plugins/scenes/known_words.ts";
import { memoryDataSet } from "../helpers/memory_data_set.ts";
import { settings } from "../helpers/recipe_fixture.ts";
import { miniClip } from "../helpers/small_clip.ts";
import { withFolder } from "../helpers/with_folder.ts";

const tagger = winkTagger();

const composers = [
  singleCaption({ caption: "random" }),
  captionNegatives({ negatives: negclipSwaps({ tagger }) }),
  captionNegatives({ negatives: replace(), crop: [0.9, 1] }),
  captionNegatives({ negatives: ceClipNegatives({ tagger }), caption: "random" }),
  captionNegatives({ negatives: frozenNegatives({ path: "negatives", slots: 3 }) }),
  captionNegatives({ negatives: knownWords({ negatives: ceClipNegatives({ tagger }) }) }),
  negclipRows({ negatives: negclipSwaps({ tagger }), neighbours: 2 }),
  negclipRows({ negatives: ceClipNegatives({ tagger }), crop: [0.5, 1] }),
  clicPairs({ tagger }),
  clicPairs({ tagger, preset: "strict" }),
  clicPairs({ tagger, preset: "strict", negatives: 4 }),
];

/** A composer with every loss whose text groups it has, however many texts they hold. */
function objectivesOf(some: (typeof composers)[number]): readonly Objective[] {
  // With all groups that there are: which of them it has is asked when the test runs.
  const composer = some as Composer<"caption" | "positive" | "negative">;
  const { groups } = composer;
  return [
    objective("any", composer, contrastive()),
    objective("any", composer, hardNegativeContrastive()),
    objective("any", composer, ceClipLoss()),
    objective("any", composer, ceClipLoss({ preset: "released", threshold: "max" })),
    objective("any", composer, ceClipLoss({ imcVariant: "contrast", threshold: "fixed" })),
    objective("any", composer, clicLoss()),
    objective("any", composer, clicLoss({ denominator: "unified" })),
  ].filter(({ loss }) => loss.needs.every((group) => group in groups));
}

const data = memoryDataSet(Array.from({ length: 8 }, (_, i) => ({
  captions: [
    `A small dog ${i} watches a cat on a red sofa ${i + 1} near a table.`,
    `A bird ${i} and 2 old horses stand behind a fence ${i}.`,
  ],
  picture: { width: 10, height: 8, color: [30 * i, 255 - 30 * i, 128] as const },
})));

/** For the negatives that are written ahead: two, and a gap. */
const two: NegativeGenerator = {
  name: "two",
  options: {},
  slots: 3,
  generate: (caption) => Promise.resolve([`no ${caption}`, null, caption.replace("red", "blue")]),
  with: () => two,
};

/** A folder with negatives of the data, and the assets that are in it. */
async function withNegatives(folder: string): Promise<Assets> {
  const inFolder = (address: string) => Promise.resolve(`${folder}/${address}`);
  const assets: Assets = { file: inFolder, optionalFile: inFolder };
  const log = () => {};
  await writeNegatives({ negatives: two, data, folder: `${folder}/negatives`, assets, log });
  return assets;
}

/** Two steps of an objective. */
async function twoSteps(each: Objective, assets: Assets): Promise<readonly StepRecord[]> {
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
      assets,
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
  const count = typeof negatives === "object" ? negatives.name : negatives ?? "none";
  const { preset } = composer.options;
  const of = preset === undefined ? count : `${count}, ${preset}`;
  for (const each of objectivesOf(composer)) {
    const { name, options: { imcVariant, denominator } } = each.loss;
    const what = `${composer.name} (negatives: ${of}) with ${name}`;
    const test = ["objective:", what, imcVariant ?? denominator ?? ""].join(" ").trim();
    Deno.test(test, () =>
      withFolder(async (folder) => {
        const records = await twoSteps(each, await withNegatives(folder));
        expect(records.length).toBe(2);
        for (const { loss: value, terms } of records) {
          expect(Number.isFinite(value)).toBe(true);
          for (const [name, term] of Object.entries(terms)) {
            expect([name, Number.isFinite(term)]).toEqual([name, true]);
          }
        }
        // Two batches of the same epoch are different examples, on different parameters.
        expect(records[1]!.loss).not.toBe(records[0]!.loss);
      }));
  }
}

Deno.test("objective: a loss whose text groups the composer lacks does not compile", () => {
  const ranked = objective("ranked", clicPairs({ negatives: 4 }), ceClipLoss());
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

Deno.test("objective: nothing else makes an objective", () => {
  const parts = { name: "ce-clip", composer: singleCaption(), loss: ceClipLoss() };
  // @ts-expect-error: a literal was not checked
  const literal: Objective = parts;
  // What does not compile is refused when it runs all the same.
  const given = { ...settings(), objectives: [literal] };
  expect(() => defineRecipe(given)).toThrow(
    "objectives.0.loss: expected a loss on text groups that singleCaption provides (caption), " +
      'found "negative"',
  );
});

Deno.test("objective: composers and losses do not forget their groups", () => {
  // @ts-expect-error: or any loss would fit
  const composer: AnyComposer = singleCaption();
  // @ts-expect-error: or it would fit any composer
  const loss: AnyLoss = ceClipLoss();
  const whole = objective("contrastive", singleCaption(), contrastive());
  // @ts-expect-error: nobody has compared the new loss with the composer
  const changed: Objective = { ...whole, loss: ceClipLoss() };
  for (const each of [{ ...whole, composer, loss } as Objective, changed]) {
    expect(() => defineRecipe({ ...settings(), objectives: [each] })).toThrow(RangeError);
  }
});
