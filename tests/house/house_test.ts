import { expect } from "expect";
import { violations } from "../helpers/house_rules.ts";

const root = new URL("../../", import.meta.url);

/** Paths of all modules in a folder of the repository, from its root. */
function* modules(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(new URL(folder, root))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* modules(path);
    else if (/\.[mc]?[jt]sx?$/.test(path)) yield path;
  }
}

Deno.test("house: every module of core, plugins and recipes keeps the rules", () => {
  const paths = ["core", "plugins", "recipes"].flatMap((folder) => [...modules(folder)]);
  expect(paths).toContain("core/recipe.ts");
  expect(paths.flatMap((path) => violations(path, Deno.readTextFileSync(new URL(path, root)))))
    .toEqual([]);
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

Deno.test("house: every package that deno.json maps is in use", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));
  const sources = ["core", "plugins", "recipes", "tests", "bench", "scripts"]
    .flatMap((folder) => [...modules(folder)])
    .map((path) => Deno.readTextFileSync(new URL(path, root)));
  // A string of that name, so that every form of import counts.
  const isNamed = (name: string) =>
    sources.some((source) => source.includes(`"${name}"`) || source.includes(`"${name}/`));
  expect(Object.keys(imports)).toContain("zod");
  expect(Object.keys(imports).filter((name) => !isNamed(name))).toEqual([]);
});

Deno.test("violations: knows every form of import", () => {
  const forms = [
    'import x from "../cli/mod.ts";',
    'import "../cli/mod.ts";',
    'import type { X } from "../cli/mod.ts";',
    'import { type X } from "../cli/mod.ts";',
    'import * as x from "../cli/mod.ts";',
    'export * from "../cli/mod.ts";',
    'export type { X } from "../cli/mod.ts";',
    'const x = await import("../cli/mod.ts");',
    "const x = () => import(`../cli/mod.ts`);",
    'let x: import("../cli/mod.ts").X;',
  ];
  for (const source of forms) {
    expect(violations("core/graph/x.ts", source))
      .toEqual(['core/graph/x.ts: imports "../cli/mod.ts": core/graph/ knows nothing of it']);
  }
  const text = '// import "../cli/mod.ts";\nconst x = \'import "../cli/mod.ts"\';';
  expect(violations("core/graph/x.ts", text)).toEqual([]);
});

Deno.test("violations: holds who may import whom", () => {
  // The importing file, what it imports, and whether the house allows it.
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["core/graph/a.ts", "./b.ts", true],
    ["core/graph/a.ts", "../images/raster.ts", true],
    ["core/graph/a.ts", "../runtime/mod.ts", false],
    ["core/graph/deep/a.ts", "../../training/run.ts", false],
    ["core/runtime/a.ts", "../graph/mod.ts", true],
    ["core/runtime/a.ts", "../training/mod.ts", false],
    ["core/training/a.ts", "../runtime/mod.ts", true],
    ["core/model.ts", "./graph/tensor.ts", true],
    ["core/model.ts", "../plugins/clip/mod.ts", false],
    ["core/cli/main.ts", "../../recipes/index.ts", false],
    ["core/cli/main.ts", "../../mod.ts", false],
    ["core/a.ts", "../deno.json", true],
    ["core/cli/main.ts", "zod", true],
    ["core/cli/main.ts", "node:path", true],
    ["core/cli/main.ts", "@syntagma/syntagma", false],
    ["plugins/clic/a.ts", "../../mod.ts", true],
    ["plugins/clic/a.ts", "../../deno.json", false],
    ["plugins/clic/a.ts", "../../core/graph/mod.ts", true],
    ["plugins/clic/a.ts", "../../core/graph/matmul.ts", false],
    ["plugins/clic/a.ts", "../../core/random.ts", false],
    ["plugins/clic/a.ts", "./b.ts", true],
    ["plugins/clic/deep/a.ts", "../b.ts", true],
    ["plugins/clic/a.ts", "../language/mod.ts", true],
    ["plugins/clic/a.ts", "../language/tagger.ts", false],
    ["plugins/clic/a.ts", "../../recipes/index.ts", false],
    ["recipes/a.ts", "../mod.ts", true],
    ["recipes/a.ts", "../core/training/mod.ts", true],
    ["recipes/a.ts", "../core/recipe.ts", false],
    ["recipes/a.ts", "../plugins/clip/mod.ts", true],
    ["recipes/a.ts", "../plugins/clip/clip.ts", false],
    ["recipes/a.ts", "./b.ts", true],
    ["recipes/a.ts", "../tests/recipe_fixture.ts", false],
  ];
  for (const [path, specifier, allowed] of cases) {
    const found = violations(path, `import "${specifier}";`);
    expect({ path, specifier, allowed: found.length === 0 }).toEqual({ path, specifier, allowed });
  }
});

Deno.test("violations: refuses computed imports but where recipes are loaded", () => {
  expect(violations("core/model.ts", "import(address);"))
    .toEqual(["core/model.ts: imports a computed specifier"]);
  expect(violations("core/cli/load_recipe.ts", "import(address);")).toEqual([]);
});

Deno.test("violations: a file has at most 400 lines", () => {
  const lines = (count: number) => "\n".repeat(count - 1) + "export {};\n";
  expect(violations("core/a.ts", lines(400))).toEqual([]);
  expect(violations("core/a.ts", lines(401))).toEqual(["core/a.ts: has 401 lines, 400 at most"]);
  expect(violations("core/graph/onnx_pb.ts", lines(401))).toEqual([]);
});

Deno.test("violations: a mod.ts holds only exports", () => {
  const fault = ["core/graph/mod.ts: a mod.ts holds only exports"];
  expect(violations("core/graph/mod.ts", '/** @module */\nexport * from "./a.ts";')).toEqual([]);
  expect(violations("core/graph/mod.ts", 'import "./a.ts";')).toEqual(fault);
  expect(violations("core/graph/mod.ts", "export const a = 1;")).toEqual(fault);
});

Deno.test("violations: nobody calls Math.random", () => {
  for (const source of ["Math.random();", 'Math["random"]();', "const draw = Math.random;"]) {
    expect(violations("plugins/clic/a.ts", source)).toHaveLength(1);
  }
  expect(violations("core/a.ts", "// Math.random()\nconst x = 'Math.random()';")).toEqual([]);
});
