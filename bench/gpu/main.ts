/**
 * What a GPU gives: every gradient rule against finite differences, then steps of `clic-tiny` and of
 * full-size recipes in float32, as a table and as JSON. On a GPU under eight minutes.
 *
 *     deno task bench:gpu [--device webgpu] [--json gpu.json] [--seconds 420] [--tiny]
 *                         [--only clic-vitb32 [--captions captions.csv]]
 *
 * Where the device computes in float16, the steps are measured in it as well. `--tiny` makes it small
 * enough for a software adapter (two steps of each kind; the rules are left to the tests); without it,
 * one is refused. `--only` measures the steps of one recipe and nothing else, `--captions` on a table
 * with pictures in the place of data that is made up. The same steps by PyTorch:
 * `python bench/peers/open_clip_steps.py`; on a processor, in turns: `sh bench/peers/cpu_steps.sh`.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { describeDevice } from "../../core/device/describe_device.ts";
import type { Recipe } from "../../core/recipe.ts";
import { assetsFromEnvironment } from "../../core/host/assets/environment.ts";
import { createPicturePool } from "../../core/host/images/pool.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";
import { captions } from "../../plugins/captions/captions.ts";
import ceClip from "../../recipes/ce_clip_vitb32.ts";
import clic from "../../recipes/clic_vitb32.ts";
import clicTiny from "../../recipes/clic_tiny.ts";
import { countWork } from "./flops.ts";
import { checkRules } from "./rules.ts";
import { measureSteps, type StepsReport } from "./steps.ts";

const { values } = parseArgs({
  options: {
    device: { type: "string", default: "webgpu" },
    json: { type: "string" },
    seconds: { type: "string", default: "420" },
    tiny: { type: "boolean", default: false },
    only: { type: "string" },
    captions: { type: "string" },
  },
});
const kinds = ["webgpu", "cuda", "cpu", "wasm"] as const;
const kind = kinds.find((each) => each === values.device);
const seconds = Number(values.seconds);
if (kind === undefined) {
  fail(`--device: expected ${kinds.join(", ")}, found ${values.device}`);
}
if (!(seconds > 0)) fail(`--seconds: expected a number above 0, found ${values.seconds}`);

const started = performance.now();
const log = (line: string) => console.error(line);
const assets = assetsFromEnvironment();
const device = countWork(await openDevice(kind));
log(describeDevice(device));
if (device.description.includes("(software)") && !values.tiny) {
  await device.dispose();
  fail(
    "this adapter only imitates a GPU: --tiny measures what it can bear, or name another --device",
  );
}
const changed = (recipe: Recipe, changes: Partial<Recipe>): Recipe => ({ ...recipe, ...changes });
const all = values.tiny ? [changed(clicTiny, { batch: 6 })] : [
  clicTiny,
  // 240 texts of 48 collages; 48 pictures with 4 negatives each, both towers trained.
  changed(clic, { batch: 48 }),
  changed(ceClip, { batch: 48 }),
];
const chosen = all.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) {
  await device.dispose();
  fail(`--only: expected ${all.map(({ name }) => name).join(", ")}, found ${values.only}`);
}
const precisions = device.halfPrecision ? ["float32", "float16"] as const : ["float32"] as const;
const recipes = chosen.flatMap((recipe) =>
  precisions.map((precision) => changed(recipe, { precision }))
);
// Freed at the end: its workers keep a process from ending.
using images = createPicturePool({ workers: 1 });
const data = values.captions === undefined
  ? {}
  : { data: await captions({ path: values.captions }).open({ assets, images, log }) };
const rules = values.tiny || values.only !== undefined ? undefined : await checkRules(device);
const steps: StepsReport[] = [];
for (const [i, recipe] of recipes.entries()) {
  const left = seconds - (performance.now() - started) / 1000;
  const share = Math.max(0, left) / (recipes.length - i);
  steps.push(
    ...await measureSteps(recipe, {
      ...{ device, assets, ...data },
      seconds: share,
      steps: values.tiny ? 1 : 20,
      log,
    }),
  );
}
const report = {
  device: describeDevice(device),
  seconds: (performance.now() - started) / 1000,
  ...(rules === undefined ? {} : { rules }),
  steps,
};
await device.dispose();

console.log(report.device);
if (rules !== undefined) {
  console.log(
    `${rules.compared} gradient rules, ${rules.wrong.length} wrong, ` +
      `largest disagreement of the others ${rules.worst.toPrecision(2)}`,
  );
  for (const { name, disagreement } of rules.wrong) console.log(`  ${name}: ${disagreement}`);
}
console.log("| recipe | step | precision | batch | s/step | pairs/s | TFLOP/s | loss |");
console.log("| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |");
for (const each of steps) {
  const cells = [
    each.recipe,
    each.objective,
    each.precision,
    each.batch,
    each.secondsPerStep.toPrecision(3),
    each.pairsPerSecond.toPrecision(3),
    each.teraflopsPerSecond.toPrecision(3),
    each.loss.toPrecision(6),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
if (values.json !== undefined) {
  await Deno.writeTextFile(values.json, JSON.stringify(report, null, 2) + "\n");
}
if (rules !== undefined && rules.wrong.length > 0) Deno.exit(1);

function fail(message: string): never {
  console.error(`error: ${message}`);
  Deno.exit(2);
}
