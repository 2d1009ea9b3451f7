import { expect } from "expect";
import { codeLines } from "../helpers/code_lines.ts";
import { closureOf, modulesIn, readImportGraph, readModule } from "../helpers/import_graph.ts";

/** The most lines that a method's loss and composer have together. */
const MOST = 120;

/**
 * The newer methods: files of their composers and losses, and those that make or read the texts and
 * pictures these are about, which are parts of their own.
 */
const methods: Readonly<Record<string, { readonly of: string[]; readonly data: string[] }>> = {
  c2lip: { of: ["loss.ts", "rows.ts"], data: [] },
  con_clip: { of: ["loss.ts", "rows.ts"], data: ["negations.ts"] },
  cs_clip: { of: ["loss.ts", "rows.ts"], data: ["find_units.ts", "read_units.ts", "units.ts"] },
  degla: { of: ["loss.ts"], data: ["negatives.ts"] },
  fsc_clip: { of: ["loss.ts", "local_scores.ts"], data: ["negatives.ts", "shuffle_bigrams.ts"] },
  // What embeds the data ahead and what folds the matrix into a model are neither.
  labclip: {
    of: ["loss.ts", "on_embeddings.ts"],
    data: ["decoded_once.ts", "embed_composed.ts", "fold_matrix.ts"],
  },
  negbench: { of: ["loss.ts", "rows.ts"], data: ["questions.ts", "tables.ts", "things.ts"] },
  read_clip: { of: ["decoder_loss.ts", "loss.ts", "rows.ts"], data: [] },
  triplet_clip: { of: ["loss.ts", "rows.ts"], data: ["triplet_data.ts"] },
};

Deno.test("house: loss and composer of a method have at most 120 lines together", () => {
  const graph = readImportGraph();
  const sizes = Object.entries(methods).map(([method, { of, data }]) => {
    const folder = `plugins/${method}/`;
    const files = of.map((file) => folder + file);
    // Whatever else they are made of in the method's folder counts too, and nothing is left unsaid.
    const loaded = files.flatMap((file) => closureOf(file, graph).files)
      .filter((file) => file.startsWith(folder) && !data.includes(file.slice(folder.length)));
    expect({ method, loaded: [...new Set(loaded)].toSorted() })
      .toEqual({ method, loaded: files.toSorted() });
    const rest = [...modulesIn(`plugins/${method}`)]
      .filter((file) => !/\/(mod|plugin|literature)\.ts$/.test(file));
    expect(rest.toSorted()).toEqual([...of, ...data].map((file) => folder + file).toSorted());
    return { method, lines: files.reduce((sum, file) => sum + codeLines(readModule(file)), 0) };
  });
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
