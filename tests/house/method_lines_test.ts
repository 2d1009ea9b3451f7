import { expect } from "expect";
import { codeLines } from "../helpers/code_lines.ts";
import { type ImportGraph, readImportGraph, readModule } from "../helpers/import_graph.ts";
import { plugins } from "../../plugins/index.ts";

/** The most lines that a method's loss and composer have together. */
const MOST = 120;

/** What a file imports that makes rows of a batch, or computes of them. */
const OF_BATCHES = /\/core\/(loss|objective|graph\/\w+)\.ts$/;

/** What is of batches and yet neither loss nor composer, and why. */
const apart: Readonly<Record<string, string>> = {
  "plugins/labclip/embed_composed.ts": "embeds the data ahead, for composers of any method",
  "plugins/negclip/nearest_neighbours.ts": "searches all pictures before training",
};

/** Plugins with objectives that are no single method, and what stood before and is longer. */
const notHeld: Readonly<Record<string, string>> = {
  contrastive: "the parts that methods are made of",
  clic: "two losses, and pairs of pictures, in three presets",
  "ce-clip": "ranks with thresholds that are carried along, in two presets",
  onnx: "a family of models, of which one loss reads the decoder",
};

/** The files of a method's loss and composer; texts and pictures are made by parts of their own. */
function partsOf(folder: string, graph: ImportGraph): string[] {
  return [...graph].filter(([path, imports]) =>
    path.startsWith(folder) && !(path in apart) &&
    !/\/(mod|plugin|literature)\.ts$/.test(path) &&
    imports.some(({ specifier }) => OF_BATCHES.test(specifier))
  ).map(([path]) => path);
}

/** The modules that a plugin's objectives are loaded from. */
function objectiveModules(folder: string, graph: ImportGraph): string[] {
  return (graph.get(`${folder}plugin.ts`) ?? [])
    .filter(({ dynamic, specifier }) => dynamic && /^\.\/\w+\.ts$/.test(specifier))
    .map(({ specifier }) => folder + specifier.slice("./".length));
}

Deno.test("house: loss and composer of a method have at most 120 lines together", () => {
  const graph = readImportGraph();
  const methods = plugins.filter(({ objectives, name }) => objectives && !(name in notHeld));
  const sizes = methods.flatMap(({ name }) => {
    const folder = `plugins/${name.replaceAll("-", "_")}/`;
    const parts = partsOf(folder, graph);
    const loaded = objectiveModules(folder, graph);
    return parts.some((path) => loaded.includes(path))
      ? [{ name, lines: parts.reduce((sum, path) => sum + codeLines(readModule(path)), 0) }]
      : [];
  });
  // As many as were counted by hand, and of one what was counted.
  expect(sizes.length).toBeGreaterThanOrEqual(8);
  expect(sizes.map(({ name }) => name)).toEqual(expect.arrayContaining(["cs-clip", "labclip"]));
  expect(sizes.filter(({ lines }) => lines > MOST)).toEqual([]);
});

Deno.test("codeLines: lines with code, whatever stands beside them", () => {
  const source = [
    'import { a } from "a";',
    "import {",
    "  b,",
    '} from "b";',
    "/** Says what",
    " * c is. */",
    "export const c = a; // why",
    "",
    "// A comment.",
    "export interface D {",
    "  /** Says what e is. */",
    "  readonly e: string;",
    "}",
    "const f = `two",
    "lines`;",
  ];
  expect(codeLines(source.join("\n"))).toBe(6);
});
