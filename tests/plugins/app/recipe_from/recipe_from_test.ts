import { expect } from "expect";
import { z } from "zod";
import type { JsonObject } from "../../../../core/component.ts";
import { defineComponent } from "../../../../core/define_component.ts";
import { describeRecipe } from "../../../../core/describe_recipe.ts";
import { joinPlugins } from "../../../../core/join_plugins.ts";
import { isStudy } from "../../../../core/study.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import { factoryFinder } from "../../../../plugins/app/recipe_from/factories.ts";
import { recipeOfRun } from "../../../../plugins/app/recipe_from/recipe_of_run.ts";
import { recipeSource } from "../../../../plugins/app/recipe_from/recipe_source.ts";
import { sourceWriter } from "../../../../plugins/app/recipe_from/source_writer.ts";
import clicTiny from "../../../../recipes/clic_tiny.ts";
import { plugins } from "../../../../plugins/index.ts";
import { runCommand as run } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

Deno.test("recipeSource: every recipe of this package can be written down with all of its settings", async () => {
  let written = 0;
  for (const { load } of Object.values(joinPlugins(plugins).recipes)) {
    const recipe = (await load()).default;
    if (isStudy(recipe)) continue;
    // It compares what the text makes with what was asked for, and throws if they differ.
    const described = JSON.parse(JSON.stringify(describeRecipe(recipe as Recipe))) as JsonObject;
    const text = await recipeSource(described, "Settings.");
    expect(text).toContain(`name: ${JSON.stringify(described.name)},`);
    written++;
  }
  expect(written).toBeGreaterThan(15);
});

Deno.test("recipe --from: the settings of a run as a recipe, which runs again with the same losses", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/mine.ts`,
      `import { defineRecipe, objective, type Recipe } from "@syntagma/syntagma";
import { contrastive, singleCaption } from "@syntagma/syntagma/contrastive";
import { scenes, scenesCompositional, tinyClip } from "@syntagma/syntagma/scenes";
import { lion, cosineRestarts } from "@syntagma/syntagma/optimizers";
const recipe: Recipe = defineRecipe({
  name: "mine", description: "For a test", model: tinyClip(),
  data: scenes({ length: 40, seed: 2 }), frozen: ["image"],
  objectives: [objective("contrastive", singleCaption(), contrastive())],
  optimizer: lion({ lr: 1e-4 }), schedule: cosineRestarts({ cycles: 2 }),
  batch: 8, steps: 50, evaluators: [scenesCompositional({ items: 5, seed: 1 })],
});
export default recipe;
`,
    );
    const start = ["--device", "cpu", "--runs", `${folder}/runs`];
    const first = await run(
      ...["recipe", `${folder}/mine.ts`, "steps=3", "evaluators=none", "seed=5", ...start],
    );
    expect(first.code === 0 ? "" : first.err).toBe("");
    const [before] = runsIn(`${folder}/runs`);
    const written = await run(
      "recipe",
      "--from",
      `${folder}/runs/${before}`,
      "--out",
      `${folder}/again.ts`,
    );
    expect(written.code === 0 ? "" : written.err).toBe("");
    const text = await Deno.readTextFile(`${folder}/again.ts`);
    expect(text).toContain(
      "schedule: cosineRestarts({ warmup: 0, start: 0, cycles: 2, growth: 1, end: 0 }),",
    );
    expect(text).toContain("steps: 3,");
    // It is a module like any other: the package's own names lead to this checkout.
    const again = await run("recipe", `${folder}/again.ts`, ...start);
    expect(again.code === 0 ? "" : again.err).toBe("");
    const [, after] = runsIn(`${folder}/runs`);
    expect(await lossesOf(`${folder}/runs/${after}`))
      .toEqual(await lossesOf(`${folder}/runs/${before}`));
  }));

function runsIn(folder: string): readonly string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).toSorted();
}

async function lossesOf(folder: string): Promise<readonly number[]> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trim().split("\n");
  expect(lines).toHaveLength(3);
  return lines.map((line) => JSON.parse(line).loss);
}

Deno.test("recipeOfRun: what is no run's, and components of other packages, are refused by name", () =>
  withFolder(async (folder) => {
    const write = (manifest: unknown) =>
      Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify(manifest));
    await write({ arms: [] });
    await expect(recipeOfRun(folder)).rejects.toThrow("of a study name that of one arm");
    await write({
      recipe: { name: "x", model: { name: "theirs" } },
      source: { recipe: "jsr:@me/x", overrides: ["steps=3"] },
    });
    await expect(recipeOfRun(folder)).rejects.toThrow(
      `${folder}: model: theirs is no component of this package, and no --plugin's module exports ` +
        "or lists it; the run can be repeated by: recipe jsr:@me/x steps=3",
    );
    const { code, err } = await run("recipe", "clic-tiny", "--from", folder);
    expect({ code, err }).toEqual({
      code: 2,
      err: "error: --from takes a run as it was: expected no clic-tiny\n",
    });
  }));

Deno.test("recipe --from --plugin: a stranger's components are those that the plugin's module exports", () =>
  withFolder(async (folder) => {
    const triplet = new URL("../../../../examples/triplet/", import.meta.url);
    const data = new URL("testdata", triplet).pathname;
    const plugin = `${folder}/plugin.ts`;
    await Deno.writeTextFile(
      plugin,
      `import { definePlugin, type Plugin } from "@syntagma/syntagma";
export { tripletLoss } from "${new URL("triplet_loss.ts", triplet)}";
export { tripletRows, triplets } from "${new URL("triplets.ts", triplet)}";
export { whatsUp } from "${new URL("whats_up.ts", triplet)}";
const plugin: Plugin = definePlugin({ name: "triplet", recipes: {} });
export default plugin;
`,
    );
    await Deno.writeTextFile(
      `${folder}/mine.ts`,
      `import { defineRecipe, objective, type Recipe } from "@syntagma/syntagma";
import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
import { tinyClip } from "@syntagma/syntagma/scenes";
import { tripletLoss, tripletRows, triplets, whatsUp } from "./plugin.ts";
const recipe: Recipe = defineRecipe({
  name: "mine", description: "For a test", model: tinyClip(),
  data: triplets({ path: "${data}/triplets.jsonl", images: "${data}" }),
  objectives: [objective("triplet", tripletRows(), tripletLoss({ negativeWeight: 0.5 }))],
  optimizer: adamw({ lr: 1e-4 }), schedule: warmupCosine({ warmup: 0 }), batch: 2, steps: 3,
  evaluators: [whatsUp({ images: "${data}", annotations: "${data}" })],
});
export default recipe;
`,
    );
    const start = ["--device", "cpu", "--runs", `${folder}/runs`];
    const first = await run("recipe", `${folder}/mine.ts`, ...start);
    expect(first.code === 0 ? "" : first.err).toBe("");
    const [before] = runsIn(`${folder}/runs`);
    const from = ["recipe", "--from", `${folder}/runs/${before}`];
    const refused = await run(...from);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("data: triplets is no component of this package");
    const written = await run("--plugin", plugin, ...from, "--out", `${folder}/again.ts`);
    expect(written.code === 0 ? "" : written.err).toBe("");
    const text = await Deno.readTextFile(`${folder}/again.ts`);
    expect(text).toContain("tripletLoss({ negativeWeight: 0.5 })");
    // Its own What'sUp, and not that of this package.
    expect(text.replaceAll(/,?\s+/g, " ")).toContain(
      `import { tripletLoss tripletRows triplets whatsUp } from "file://${plugin}";`,
    );
    const again = await run("recipe", `${folder}/again.ts`, ...start);
    expect(again.code === 0 ? "" : again.err).toBe("");
    const [, after] = runsIn(`${folder}/runs`);
    expect(await lossesOf(`${folder}/runs/${after}`))
      .toEqual(await lossesOf(`${folder}/runs/${before}`));
  }));

Deno.test("recipe --from --plugin: or those that it lists: model, data, objectives, negatives, benchmarks", () =>
  withFolder(async (folder) => {
    const [triplet, fixtures] = ["../../../../examples/triplet/", "../../../fixtures/"]
      .map((each) => new URL(each, import.meta.url).href);
    const data = new URL(`${triplet}testdata`).pathname;
    const recipe = (more: string) =>
      `import { defineRecipe, objective, type Recipe } from "@syntagma/syntagma";
import { captionNegatives, hardNegativeContrastive } from "@syntagma/syntagma/contrastive";
import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
import { shuffledWords, theirClip } from "${fixtures}listed_parts.ts";
import { tripletLoss, tripletRows, triplets, whatsUp } from "${triplet}recipe.ts";
const negatives = shuffledWords({ most: 2 });
const recipe: Recipe = defineRecipe({
  name: "mine", description: "For a test", model: theirClip({ weights: "own", bold: true }),
  data: triplets({ path: "${data}/triplets.jsonl", images: "${data}" }),
  objectives: [
    objective("triplet", tripletRows(), tripletLoss({ negativeWeight: 0.5 })),
    objective("words", captionNegatives({ negatives }), hardNegativeContrastive()),
  ],
  optimizer: adamw({ lr: 1e-4 }), schedule: warmupCosine({ warmup: 0 }), batch: 2, steps: 3,
  evaluators: [whatsUp({ images: "${data}", annotations: "${data}"${more} })],
});
export default recipe;
`;
    const start = ["--device", "cpu", "--runs", `${folder}/runs`];
    const train = async (file: string) => {
      const before = await Array.fromAsync(Deno.readDir(folder))
        .then((all) => all.some(({ name }) => name === "runs") ? runsIn(`${folder}/runs`) : []);
      const trained = await run("recipe", `${folder}/${file}`, ...start);
      expect(trained.code === 0 ? "" : trained.err).toBe("");
      const name = runsIn(`${folder}/runs`).find((each) => !before.includes(each));
      return `${folder}/runs/${name}`;
    };
    await Deno.writeTextFile(`${folder}/mine.ts`, recipe(""));
    const before = await train("mine.ts");
    const from = (plugin: string, of: string) =>
      run("--plugin", plugin, "recipe", "--from", of, "--out", `${folder}/again.ts`);
    const plugin = `${fixtures}listing_plugin.ts`;
    const written = await from(new URL(plugin).pathname, before);
    expect(written.code === 0 ? "" : written.err).toBe("");
    const text = await Deno.readTextFile(`${folder}/again.ts`);
    const parts = [
      `import plugin from "${plugin}";`,
      'const theirClip = (await plugin.models!.their!.source("their:own", {}))!;',
      "const triplets = await plugin.data!.triplets!.load() as (options?: unknown) => never;",
      'const shuffled_words = await plugin.negatives!["the-words"]!();',
      'const whatsUp = (await (plugin.benchmarks as () => Promise<BenchmarkList>)())["their-all"]!;',
      'model: theirClip.with({ weights: "own", bold: true }),',
      "negatives: shuffled_words.with({ most: 2 }),",
      "whatsUp.create({",
    ];
    for (const part of parts) expect(text).toContain(part);
    const after = await train("again.ts");
    expect(await lossesOf(after)).toEqual(await lossesOf(before));

    // What a plugin without one of its lists cannot give is named.
    const named = {
      models: "model: theirClip",
      data: "data: triplets",
      objectives: "objectives.0.composer: tripletRows",
      negatives: "objectives.1.composer, in captionNegatives: shuffled words",
    };
    for (const [kind, name] of Object.entries(named)) {
      const file = `${folder}/without_${kind}.ts`;
      await Deno.writeTextFile(
        file,
        `import plugin from "${plugin}";\nconst { ${kind}: _, ...rest } = plugin;\n` +
          "export default rest;\n",
      );
      const { code, err } = await from(file, before);
      const expected = `${name} is no component of this package, and no --plugin's module exports`;
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(expected) });
    }
    // An option that the list's benchmark does not take.
    await Deno.writeTextFile(`${folder}/other.ts`, recipe(", limit: 1, partial: true"));
    const { err } = await from(new URL(plugin).pathname, await train("other.ts"));
    expect(err).toContain("evaluators.0: whatsUp cannot be made again from its settings");
  }));

Deno.test("factoryFinder, sourceWriter: a name leads to its factory among components, not among operators", async () => {
  const find = factoryFinder();
  // The graph has a clip of its own.
  expect((await find("clip", {}))!.specifier).toBe("@syntagma/syntagma/clip");
  expect(await find("nothing", {})).toBeUndefined();
  const writer = sourceWriter(find);
  const described = { name: "constant", warmup: 3, start: 0 };
  expect((await writer.component(described, "schedule", "")).text)
    .toBe("constant({ warmup: 3, start: 0 })");
  await expect(writer.component({ name: "constant", warmup: -1 }, "schedule", ""))
    .rejects.toThrow("schedule: constant cannot be made again from its settings");
});

Deno.test("recipeSource: components of names that the text has for other things", async () => {
  const named = (name: string) =>
    defineComponent({
      name,
      schema: z.strictObject({}),
      make: () => ({ open: () => Promise.reject(new Error("not opened here")) }),
    });
  const failing = () => {
    throw new Error("no licence");
  };
  const settings = {
    ...describeRecipe(clicTiny),
    ...{ name: "mine", evaluators: [], hooks: [] },
  };
  const entry = (value: unknown) => ({ description: "", load: () => Promise.resolve(value) });
  const write = async (name: string, exported: Readonly<Record<string, unknown>>) => {
    const data = { class: entry(named("class")), failing: entry(failing) };
    const module = { default: { name: "theirs", data }, ...exported };
    const theirs = { specifier: "jsr:@they/theirs", load: () => Promise.resolve(module) };
    const described = JSON.parse(JSON.stringify({ ...settings, data: { name } }));
    return await recipeSource(described, "Settings.", [theirs]);
  };
  const listed = await write("class", {});
  expect(listed).toContain("const class_ = await plugin.data!.class!.load()");
  expect(listed).toContain("data: class_(),");
  const exported = await write("objective", { objective: named("objective") });
  expect(exported).toContain('import { objective as objective_ } from "jsr:@they/theirs";');
  expect(exported).toContain("data: objective_(),");
  await expect(write("failing", {})).rejects.toThrow(
    "data: failing cannot be made again: no licence",
  );
});
