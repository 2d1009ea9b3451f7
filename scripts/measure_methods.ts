/**
 * What a step of each method's recipe on ViT-B/32 takes against plain contrast, of the same batch and
 * chunk, on a table's own pictures and weights that are made up: as a table, seconds and ratios. Plain
 * contrast, which trains both towers on a caption a picture, is measured anew ahead of every third.
 *
 *     nice -n -15 deno run -A scripts/measure_methods.ts captions.csv [degla-vitb32 …]
 *         [--batch 48] [--chunk 64] [--steps 2] [--device cpu]
 *
 * A step's own work alone is measured, as a run prints it: what a recipe prepares (look-alikes of
 * NegCLIP, embeddings of LABCLIP) comes before, and reading pictures goes beside. TripletCLIP has
 * the pictures themselves for its negative ones. The first step of each objective is left out.
 *
 * @module
 */
import { parseArgs } from "node:util";
import type { DataSet } from "../core/dataset.ts";
import { defineRecipe } from "../core/define_recipe.ts";
import { describeDevice } from "../core/device/describe_device.ts";
import { assetsFromEnvironment } from "../core/host/assets/environment.ts";
import { openDevice } from "../core/host/devices/open_device.ts";
import { createPicturePool } from "../core/host/images/pool.ts";
import { objective } from "../core/objective.ts";
import type { Recipe } from "../core/recipe.ts";
import { countWork } from "../bench/gpu/flops.ts";
import { measureSteps, type StepsReport } from "../bench/gpu/steps.ts";
import { captions } from "../plugins/captions/captions.ts";
import { contrastive } from "../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../plugins/contrastive/single_caption.ts";
import c2lip from "../recipes/c2lip_vitb32.ts";
import ceClip from "../recipes/ce_clip_vitb32.ts";
import clic from "../recipes/clic_vitb32.ts";
import clicLora from "../recipes/clic_lora_vitb32.ts";
import clove from "../recipes/clove_vitb32.ts";
import conClip from "../recipes/con_clip_vitb32.ts";
import csClip from "../recipes/cs_clip_vitb32.ts";
import degla from "../recipes/degla_vitb32.ts";
import fscClip from "../recipes/fsc_clip_vitb32.ts";
import labclip from "../recipes/labclip_vitb32.ts";
import negclip from "../recipes/negclip_vitb32.ts";
import negfull from "../recipes/negfull_vitb32.ts";
import readClip from "../recipes/read_clip_align_vitb32.ts";
import tripletClip from "../recipes/triplet_clip_vitb32.ts";

const METHODS = [
  ...[clic, clicLora, clove, ceClip, negclip, labclip, fscClip, tripletClip, conClip, degla],
  ...[csClip, c2lip, readClip, negfull],
];
/** Both towers trained on a picture and one of its captions, and all else as CE-CLIP's recipe has it. */
const PLAIN = defineRecipe({
  ...ceClip,
  name: "plain-contrast",
  objectives: [
    objective("contrastive", singleCaption({ caption: "random", crop: [0.9, 1] }), contrastive()),
  ],
});

const { values, positionals: [table, ...names] } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: "string", default: "48" },
    chunk: { type: "string", default: "64" },
    steps: { type: "string", default: "2" },
    device: { type: "string", default: "cpu" },
  },
});
const [batch, chunk, steps] = [values.batch, values.chunk, values.steps].map(Number);
const kind = (["cpu", "webgpu", "cuda"] as const).find((each) => each === values.device);
const unknown = names.find((name) => !METHODS.some((recipe) => recipe.name === name));
if (
  table === undefined || kind === undefined || unknown !== undefined ||
  !(batch! * chunk! * steps! > 0)
) {
  const known = METHODS.map(({ name }) => name).join(", ");
  console.error(`usage: measure_methods.ts <captions> [recipe …]; recipes are ${known}`);
  Deno.exit(2);
}
const assets = assetsFromEnvironment();
const log = (line: string) => console.error(line);
// Freed at the end: its workers keep a process from ending.
using images = createPicturePool({ workers: 1 });
const data = await captions({ path: table }).open({ assets, images, log });
const device = countWork(await openDevice(kind));

/** Steps of a recipe, of all its objectives in turn. */
async function measure(recipe: Recipe, data: DataSet): Promise<readonly StepsReport[]> {
  const changed = { ...recipe, batch: batch!, chunk: chunk! };
  return await measureSteps(changed, {
    device,
    assets,
    data,
    seconds: Infinity,
    steps: steps!,
    log,
  });
}

type Measure = "secondsPerStep" | "processorSecondsPerStep";
const mean = (reports: readonly StepsReport[], measure: Measure) =>
  reports.reduce((sum, report) => sum + report[measure], 0) / reports.length;

console.log(`${describeDevice(device)}; ${data.name}, batch ${batch}, chunk ${chunk}`);
console.log(
  "| Recipe | Seconds a step | Ratio | Processor seconds | Ratio | By objective | Loss |",
);
console.log("| --- | ---: | ---: | ---: | ---: | --- | --- |");
const row = (name: string, own: readonly StepsReport[], plain: readonly StepsReport[]) => {
  const cells = [
    name,
    ...(["secondsPerStep", "processorSecondsPerStep"] as const).flatMap((measure) => [
      mean(own, measure).toPrecision(3),
      (mean(own, measure) / mean(plain, measure)).toFixed(2),
    ]),
    own.map(({ objective, secondsPerStep }) => `${objective} ${secondsPerStep.toPrecision(3)}`)
      .join(", "),
    own.map(({ loss }) => loss.toPrecision(4)).join(", "),
  ];
  console.log(`| ${cells.join(" | ")} |`);
};
const chosen = METHODS.filter(({ name }) => names.length === 0 || names.includes(name));
let plain: readonly StepsReport[] = [];
for (const [i, recipe] of chosen.entries()) {
  if (i % 3 === 0) {
    plain = await measure(PLAIN, data);
    row(PLAIN.name, plain, plain);
  }
  row(recipe.name, await measure(recipe, data), plain);
}
await device.dispose();
