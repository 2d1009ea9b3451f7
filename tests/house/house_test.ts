import { expect } from "expect";
import { violations } from "../helpers/house_rules.ts";
import {
  circles,
  fileEdges,
  modulesIn,
  pluginEdges,
  readImportGraph,
  readModule,
} from "../helpers/import_graph.ts";

const root = new URL("../../", import.meta.url);

Deno.test("house: every module of core, plugins and recipes keeps the rules", () => {
  const folders = ["core", "plugins", "recipes"].flatMap((folder) => [...modulesIn(folder)]);
  const paths = ["mod.ts", "main.ts", ...folders];
  expect(paths).toContain("core/recipe.ts");
  expect(paths.flatMap((path) => violations(path, readModule(path)))).toEqual([]);
});

Deno.test("house: no modules import each other in a circle", () => {
  const graph = readImportGraph();
  expect(graph.get("core/recipe.ts")?.length).toBeGreaterThan(0);
  expect(circles(fileEdges(graph))).toEqual([]);
  expect(circles(pluginEdges(graph))).toEqual([]);
});

Deno.test("circles: finds those that can reach each other", () => {
  const edges = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b", "d"]], ["d", []], ["e", ["a"]]]);
  expect(circles(edges)).toEqual([["b", "c"]]);
  expect(circles(new Map([["a", ["b"]], ["b", []]]))).toEqual([]);
});

Deno.test("house: every export path of deno.json exists", async () => {
  const { exports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  expect(Object.keys(exports)).toContain(".");
  const missing: string[] = [];
  for (const path of Object.values<string>(exports)) {
    await Deno.stat(new URL(path, root)).catch(() => missing.push(path));
  }
  expect(missing).toEqual([]);
});

Deno.test("house: every package that the import map names is in use", async () => {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  // `deno task` fetches all of these before any task, and none of a map in a file of its own.
  expect(config.imports).toBeUndefined();
  const { imports } = JSON.parse(await Deno.readTextFile(new URL(config.importMap, root)));
  const names = Object.keys(imports).filter((name) => !name.endsWith("/"));
  const sources = ["core", "plugins", "recipes", "tests", "bench", "scripts"]
    .flatMap((folder) => [...modulesIn(folder)])
    .map(readModule);
  // A string of that name, so that every form of import counts.
  const isNamed = (name: string) =>
    sources.some((source) => source.includes(`"${name}"`) || source.includes(`"${name}/`));
  expect(names).toContain("zod");
  expect(names.filter((name) => !isNamed(name))).toEqual([]);
});

Deno.test("violations: knows every form of import", () => {
  const forms = [
    'import x from "../host/a.ts";',
    'import "../host/a.ts";',
    'import type { X } from "../host/a.ts";',
    'import { type X } from "../host/a.ts";',
    'import * as x from "../host/a.ts";',
    'export * from "../host/a.ts";',
    'export type { X } from "../host/a.ts";',
    'const x = await import("../host/a.ts");',
    "const x = () => import(`../host/a.ts`);",
    'let x: import("../host/a.ts").X;',
  ];
  for (const source of forms) {
    expect(violations("core/graph/x.ts", source))
      .toEqual(['core/graph/x.ts: imports "../host/a.ts": core knows nothing of host']);
  }
  const text = '// import "../host/a.ts";\nconst x = \'import "../host/a.ts"\';';
  expect(violations("core/graph/x.ts", text)).toEqual([]);
});

Deno.test("violations: holds who may import whom", () => {
  // The importing file, what it imports, and whether the house allows it.
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["core/graph/a.ts", "./b.ts", true],
    ["core/graph/a.ts", "../images/raster.ts", true],
    ["core/graph/a.ts", "../host/devices/cpu.ts", false],
    ["core/graph/a.ts", "../training/mod.ts", false],
    ["core/model.ts", "../plugins/clip/clip.ts", false],
    ["core/a.ts", "zod", true],
    ["core/a.ts", "@bufbuild/protobuf/wire", true],
    ["core/a.ts", "node:path", false],
    ["core/a.ts", "sharp", false],
    ["core/a.ts", "../deno.json", false],
    ["core/host/a.ts", "../../deno.json", true],
    ["core/a.ts", "../import_map.json", false],
    ["core/host/a.ts", "../../import_map.json", true],
    ["core/host/a.ts", "../graph/node.ts", true],
    ["core/host/a.ts", "node:path", true],
    ["core/host/a.ts", "sharp", true],
    ["core/host/a.ts", "../../plugins/app/runs/run.ts", false],
    ["core/host/a.ts", "../../recipes/clic_tiny.ts", false],
    ["plugins/clic/a.ts", "../../mod.ts", false],
    ["plugins/clic/a.ts", "../../core/graph/linear.ts", true],
    ["plugins/clic/a.ts", "../../core/host/storage/checkpoint.ts", true],
    ["plugins/clic/a.ts", "./b.ts", true],
    ["plugins/clic/deep/a.ts", "../b.ts", true],
    ["plugins/clic/a.ts", "../language/tagger.ts", true],
    ["plugins/clic/a.ts", "../language/mod.ts", false],
    ["plugins/clic/a.ts", "../app/runs/run.ts", false],
    ["plugins/clic/a.ts", "./commands/a.ts", false],
    ["plugins/clic/a.ts", "../../recipes/clic_tiny.ts", false],
    ["plugins/clic/a.ts", "@syntagma/syntagma", false],
    ["plugins/clic/plugin.ts", "../../recipes/clic_tiny.ts", true],
    ["plugins/clic/a.ts", "./plugin.ts", false],
    ["plugins/clic/commands/a.ts", "../../app/cli/command.ts", true],
    ["plugins/app/cli/a.ts", "../../../recipes/clic_tiny.ts", true],
    ["plugins/app/cli/a.ts", "../../../mod.ts", false],
    ["recipes/a.ts", "../mod.ts", false],
    ["recipes/a.ts", "../core/recipe.ts", true],
    ["recipes/a.ts", "../plugins/clip/clip.ts", true],
    ["recipes/a.ts", "../plugins/app/runs/run.ts", false],
    ["recipes/a.ts", "./b.ts", true],
    ["recipes/a.ts", "../tests/recipe_fixture.ts", false],
    ["plugins/clic/mod.ts", "./clic.ts", true],
  ];
  for (const [path, specifier, allowed] of cases) {
    const found = violations(path, `export { a } from "${specifier}";`);
    expect({ path, specifier, allowed: found.length === 0 }).toEqual({ path, specifier, allowed });
  }
});

Deno.test("violations: refuses computed imports but where recipes are loaded", () => {
  expect(violations("core/model.ts", "import(address);"))
    .toEqual(["core/model.ts: imports a computed specifier"]);
  expect(violations("plugins/app/cli/load_recipe.ts", "import(address);")).toEqual([]);
});

Deno.test("violations: keeps Deno out of the core", () => {
  expect(violations("core/a.ts", "export const a = Deno.args;"))
    .toEqual(["core/a.ts: uses Deno; that is for the host"]);
  expect(violations("core/a.ts", "/** Deno.args */ export const a = 'Deno.args';")).toEqual([]);
  expect(violations("core/host/a.ts", "export const a = Deno.args;")).toEqual([]);
});

Deno.test("violations: a file has at most 400 lines", () => {
  const lines = (count: number) => "\n".repeat(count - 1) + "export {};\n";
  expect(violations("core/a.ts", lines(400))).toEqual([]);
  expect(violations("core/a.ts", lines(401))).toEqual(["core/a.ts: has 401 lines, 400 at most"]);
  expect(violations("core/graph/onnx_pb.ts", lines(401))).toEqual([]);
});

Deno.test("violations: a mod.ts holds only exports, by name", () => {
  const fault = ["core/graph/mod.ts: a mod.ts holds only exports, by name"];
  expect(violations("core/graph/mod.ts", '/** @module */\nexport { a } from "./a.ts";')).toEqual(
    [],
  );
  expect(violations("core/graph/mod.ts", 'export * from "./a.ts";')).toEqual(fault);
  expect(violations("core/graph/mod.ts", 'import "./a.ts";')).toEqual(fault);
  expect(violations("core/graph/mod.ts", "export const a = 1;")).toEqual(fault);
  // The package's own one, run as a program, says where the command line is.
  const spoken = "if (import.meta.main) console.error();";
  expect(violations("mod.ts", spoken)).toEqual([]);
  expect(violations("mod.ts", "if (true) console.error();")).toHaveLength(1);
  expect(violations("core/graph/mod.ts", spoken)).toEqual(fault);
});

Deno.test("violations: nobody calls Math.random", () => {
  for (const source of ["Math.random();", 'Math["random"]();', "const draw = Math.random;"]) {
    expect(violations("plugins/clic/a.ts", source)).toHaveLength(1);
  }
  expect(violations("core/a.ts", "// Math.random()\nconst x = 'Math.random()';")).toEqual([]);
});
