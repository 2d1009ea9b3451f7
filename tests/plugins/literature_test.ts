import { expect } from "expect";
import { joinLiterature } from "../../core/literature.ts";
import { CITATIONS } from "../../plugins/benchmarks/citations.ts";
import { DATA_SETS } from "../../plugins/benchmarks/data_sets.ts";
import { PUBLISHED_DATA } from "../../plugins/benchmarks/published_data.ts";
import { PUBLISHED } from "../../plugins/benchmarks/published.ts";
import { BENCHMARKS } from "../../plugins/benchmarks/registry.ts";
import { clic } from "../../plugins/clic/clic.ts";
import { clip } from "../../plugins/clip/clip.ts";
import { siglip } from "../../plugins/clip/siglip.ts";
import { ceClipNegatives } from "../../plugins/ce_clip/negatives.ts";
import { clicSigmoidLoss } from "../../plugins/clic/sigmoid_loss.ts";
import { replace } from "../../plugins/clove/replace.ts";
import { negclipSwaps } from "../../plugins/negclip/swaps.ts";
import { joinPlugins } from "../../core/join_plugins.ts";
import { foldMatrix } from "../../plugins/labclip/fold_matrix.ts";
import { plugins } from "../../plugins/index.ts";
import { patch } from "../../plugins/patching/patch.ts";
import { FOIL_CATEGORIES } from "../../plugins/scenes/foils.ts";
import { PAIR_SWAPS } from "../../plugins/scenes/pairs_benchmark.ts";

const all = await joinPlugins(plugins).literature();

/** Plugins with parts of methods that cite nothing, and why. */
const uncited: Readonly<Record<string, string>> = {
  contrastive: "parts of the models' own training, whose papers are cited with the models",
  negatives: "reads what others made, whose paper is not known here",
  onnx: "a decoder is whatever one brings along",
};

/** An evaluator of each benchmark. */
const evaluators = Object.values(BENCHMARKS).map(({ create, takes }) =>
  create({
    ...(takes.includes("images") ? { images: "pictures" } : {}),
    ...(takes.includes("annotations") ? { annotations: "annotations" } : {}),
  })
);

Deno.test("LITERATURE: cites components by the names that they have", () => {
  const { composer, loss } = clic({ preset: "strict" });
  const components = [
    ...[...evaluators, composer, loss, patch({ alpha: 0.5 }), foldMatrix()],
    ...[clicSigmoidLoss(), ceClipNegatives(), replace(), negclipSwaps()],
    ...[clip({ weights: "w" }), siglip({ weights: "w", architecture: "ViT-B-16-SigLIP2" })],
  ];
  expect(all.citations).toMatchObject(CITATIONS);
  const objectives = plugins.flatMap(({ objectives = {} }) => Object.keys(objectives));
  const names = new Set([
    ...components.map(({ name }) => name),
    ...objectives,
    "lora",
    "tripletData",
  ]);
  const others = Object.keys(all.citations).filter((name) => !names.has(name));
  expect(others).toEqual(Object.keys(PUBLISHED_DATA));
});

Deno.test("LITERATURE: every benchmark has a paper, and every plugin with objectives, or says why not", async () => {
  expect(evaluators.map(({ name }) => name).filter((name) => !(name in all.citations)))
    .toEqual([]);
  const without: string[] = [];
  for (const { name, objectives = {}, literature } of plugins) {
    const { citations = {} } = await literature?.() ?? {};
    const isMethod = Object.keys(objectives).length > 0;
    if (isMethod && Object.keys(citations).length === 0) without.push(name);
  }
  expect(without.toSorted()).toEqual(Object.keys(uncited).toSorted());
});

Deno.test("LITERATURE: entries of BibTeX are whole, and papers have one key each", () => {
  const entries = new Set(Object.values(all.citations).flat());
  for (const entry of entries) {
    expect(entry).toMatch(
      /^@\w+\{[a-z0-9]+,\n {2}title = \{[^]*\n {2}author = \{[^]*\n {2}year = \{\d{4}\}/,
    );
    expect(entry).toMatch(/\n\}$/);
    expect(entry.split("{").length).toBe(entry.split("}").length);
  }
  const keys = [...entries].map((entry) => /\{(\w+),/.exec(entry)![1]);
  expect(new Set(keys).size).toBe(entries.size);
});

Deno.test("DATA_SETS: sentences on data sets by the names that results give them", () => {
  expect(Object.keys(all.dataSets)).toEqual(expect.arrayContaining(Object.keys(DATA_SETS)));
  for (const [name, sentence] of Object.entries(all.dataSets)) {
    expect(name).toMatch(/^[a-z0-9_]+(\/[a-z_-]+)?$/);
    expect(sentence).toMatch(/^[A-Z].*[.?]$/);
  }
  for (const name of [...FOIL_CATEGORIES, ...PAIR_SWAPS, "retrieval", "colour_shape"]) {
    expect(all.dataSets).toHaveProperty([`scenes/${name}`]);
  }
});

Deno.test("PUBLISHED: scores are shares, with the paper that they stand in", () => {
  for (const { score, source, method } of PUBLISHED) {
    expect(score).toBeGreaterThan(0.3);
    expect(score).toBeLessThan(1);
    expect(source).toMatch(/arXiv \d{4}\.\d{5}/);
    expect(method).not.toBe("");
  }
});

Deno.test("LITERATURE: what others have told stands in one place", () => {
  const keys = all.published.map((each) => {
    const { method, model, dataset, metric, score, source } = each;
    return JSON.stringify([method, model, dataset, metric, score, source]);
  });
  expect(keys.length).toBeGreaterThan(200);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  const told = new Set(PUBLISHED.map(({ method, model }) => `${method} ${model}`));
  const released = all.published.filter((each) => !PUBLISHED.includes(each));
  expect(released.filter(({ method, model }) => told.has(`${method} ${model}`))).toEqual([]);
  // (3 · 76.0 + 2 · 61.5) / 5.
  expect(all.published).toContainEqual(expect.objectContaining({
    method: "CLIC, RedCaps of PixelProse",
    dataset: "sugar_crepe_pp",
    score: 0.702,
  }));
});

Deno.test("joinLiterature: two plugins on one component are both cited, once each", () => {
  expect(joinLiterature([{ citations: { a: ["x"] } }, {}, { citations: { a: ["y", "x"] } }]))
    .toEqual({ citations: { a: ["x", "y"] }, dataSets: {}, published: [] });
});
