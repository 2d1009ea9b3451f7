import { expect } from "expect";
import { closureOf, readImportGraph } from "../helpers/import_graph.ts";

/**
 * What importing a module may load at most: files of this repository, and the packages. A number
 * that has to grow says that an import drags in what it does not need, or that an idea was added.
 */
const budgets: Readonly<Record<string, readonly [number, readonly string[]]>> = {
  "mod.ts": [24, ["zod"]],
  "core/graph/mod.ts": [22, ["@bufbuild/protobuf"]],
  "core/images/mod.ts": [10, []],
  "core/scoring/mod.ts": [10, []],
  "core/towers/mod.ts": [39, []],
  "core/training/loop/train.ts": [81, []],
  "core/host/devices/mod.ts": [10, []],
  "core/training/optimizers/mod.ts": [29, ["zod"]],
  "core/training/optimizers/adamw.ts": [20, ["zod"]],
  "core/host/assets/mod.ts": [18, []],
  "core/host/storage/mod.ts": [29, ["zod"]],
  "core/host/images/mod.ts": [18, []],
  "plugins/contrastive/mod.ts": [35, ["zod"]],
  "plugins/contrastive/contrastive.ts": [21, ["zod"]],
  "plugins/clip/mod.ts": [133, ["entities", "zod"]],
  "plugins/patching/mod.ts": [59, ["zod"]],
  "plugins/captioners/mod.ts": [14, ["zod"]],
  "plugins/negatives/mod.ts": [16, ["zod"]],
  "plugins/app/web/page/worker.ts": [204, ["@bufbuild/protobuf", "onnxruntime-web", "zod"]],
  "plugins/app/models/mod.ts": [107, []],
  "plugins/app/results/mod.ts": [30, ["papaparse", "zod"]],
  "plugins/index.ts": [31, []],
  "plugins/app/cli/main.ts": [114, [
    "@bufbuild/protobuf",
    "@commander-js/extra-typings",
    "zod",
  ]],
};

Deno.test("house: an import drags in only what it needs", () => {
  const graph = readImportGraph();
  const over = Object.entries(budgets).flatMap(([entry, [files, packages]]) => {
    const closure = closureOf(entry, graph);
    expect({ entry, packages: closure.packages }).toEqual({ entry, packages });
    const found = closure.files.length;
    return found > files ? [{ entry, budget: files, found, files: closure.files }] : [];
  });
  expect(over).toEqual([]);
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
