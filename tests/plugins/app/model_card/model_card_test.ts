import { expect } from "expect";
import { cardText } from "../../../../plugins/app/model_card/card_text.ts";
import { frontMatter } from "../../../../plugins/app/model_card/front_matter.ts";
import { modelCard } from "../../../../plugins/app/model_card/model_card.ts";
import { writeCards } from "../../../../plugins/app/model_card/write_cards.ts";
import { readRun } from "../../../../plugins/app/report/read_run.ts";
import { evaluationOf } from "../../../helpers/evaluation_fixture.ts";
import { writeRun } from "../../../helpers/report_fixture.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("frontMatter: what the hub reads, every string quoted", () => {
  const text = frontMatter({
    name: 'mine: "a"',
    files: ["open_clip_config.json"],
    weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
    objectives: ["clic", "contrastive"],
    // Three of four are right.
    evaluations: [evaluationOf("quiz/order", "1110")],
  });
  expect(text).toBe(`---
library_name: "open_clip"
pipeline_tag: "zero-shot-image-classification"
base_model: "timm/vit_base_patch32_clip_224.openai"
base_model_relation: "finetune"
tags:
  - "clip"
  - "syntagma"
  - "compositionality"
  - "clic"
  - "contrastive"
model-index:
  - name: "mine: \\"a\\""
    results:
      - task:
          type: "zero-shot-retrieval"
          name: "t"
        dataset:
          name: "quiz/order"
          type: "quiz/order"
        metrics:
          - type: "accuracy"
            name: "acc"
            value: 0.75
---
`);
  const local = frontMatter({
    ...{ name: "a", files: ["config.json"], weights: "folder", objectives: [], evaluations: [] },
  });
  expect(local).toContain('library_name: "transformers"');
  expect(local).not.toContain("base_model");
  expect(local).not.toContain("model-index");
});

Deno.test("writeCards: what, from what, how, scores with intervals, limits and citation, in each model folder", () =>
  withFolder(async (folder) => {
    await writeRun(folder);
    const model = `${folder}/model`;
    await Deno.mkdir(model);
    await Deno.writeTextFile(`${model}/open_clip_config.json`, "{}");
    const entry = "@article{clic}";
    expect(await writeCards(folder, { clicLoss: [entry], other: ["@misc{other}"] }))
      .toEqual([`${model}/README.md`]);
    const text = await Deno.readTextFile(`${model}/README.md`);
    expect([...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title))
      .toEqual(["quiz-run", "How it was made", "Scores", "Use", "Limits", "Citation"]);
    expect(text).toContain("| Data | captions.csv, 12345 examples |");
    expect(text).toContain("| How it computes | QuickGELU; trained in float32, scored in ");
    expect(text).toContain("| Optimiser | adamw; lr 0.0001; betas 0.9, 0.98 |");
    // The table that compare prints: both stages, intervals in brackets.
    expect(text).toMatch(/\| dataset \| metric \| before \| after \| difference \| p \|/);
    expect(text).toMatch(/\| quiz\/order \| \*\*acc\*\* \| [\d.]+ \[[\d.]+, [\d.]+\]/);
    expect(text).toContain(entry);
    expect(text).not.toContain("@misc{other}");
  }));

Deno.test("cardText: the stage that a transformation made, and a run that was not scored", () =>
  withFolder(async (folder) => {
    await writeRun(folder);
    const { manifest } = await readRun(folder, `${folder}/sweep`);
    const text = cardText({
      ...{ manifest, stages: [], files: ["config.json"], references: [] },
      stage: "patch-0.6",
    });
    expect(text).toContain("| After training | patch-0.6 |");
    expect(text).toContain("It was not scored.");
    expect(text).not.toContain("## Citation");
  }));

Deno.test("modelCard: writes once a run is completed, and not before", () =>
  withFolder(async (folder) => {
    await writeRun(folder);
    await Deno.mkdir(`${folder}/model`);
    await Deno.writeTextFile(`${folder}/model/config.json`, "{}");
    const card = () => Deno.stat(`${folder}/model/README.md`).then(() => true, () => false);
    await modelCard().onEnd!({ folder, steps: 1, completed: false });
    expect(await card()).toBe(false);
    await modelCard().onEnd!({ folder, steps: 4, completed: true });
    expect(await card()).toBe(true);
  }));
