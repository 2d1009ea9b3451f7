/**
 * The files of a new package.
 *
 * @module
 */
import config from "../../../deno.json" with { type: "json" };
import map from "../../../import_map.json" with { type: "json" };

/** The files of a package, by path: a loss, a benchmark, a recipe and a plugin that lists them. */
export function packageFiles(name: string): Readonly<Record<string, string>> {
  return {
    "deno.json": `${JSON.stringify(denoJson(name), null, 2)}\n`,
    "README.md": readme(name),
    "plugin.ts": plugin(name),
    "recipe.ts": recipe(name),
    "loss.ts": LOSS,
    "benchmark.ts": BENCHMARK,
    "package_test.ts": TEST,
  };
}

function denoJson(name: string) {
  const framework = `jsr:${config.name}@^${config.version}`;
  return {
    // The scope on JSR is to be replaced by one's own.
    name: `@me/${name}`,
    version: "0.1.0",
    license: "MIT",
    exports: {
      ".": "./plugin.ts",
      "./recipe": "./recipe.ts",
      "./loss": "./loss.ts",
      "./benchmark": "./benchmark.ts",
    },
    tasks: {
      check: "deno fmt --check && deno lint && deno check && deno publish --dry-run --allow-dirty",
      test: "deno test -A",
      recipe: `deno run -A ${framework}/main recipe ./recipe.ts`,
    },
    fmt: { lineWidth: 100 },
    imports: {
      [config.name]: framework,
      zod: map.imports.zod.replace("@", "@^"),
    },
    exclude: ["runs", "data"],
    publish: { exclude: ["*_test.ts", "runs", "data"] },
  };
}

const readme = (name: string) =>
  `# ${name}

A package for Syntagma: a loss, a benchmark, a recipe, and a plugin that lists them.

\`\`\`sh
deno task test                 # the loss by hand and by finite differences, the benchmark on files
deno task recipe --steps 20    # trains; the run with its report lies in runs/
deno task check                # format, lint, types, and what would be published
deno publish                   # to JSR, under the name in deno.json
deno run -A jsr:@me/${name} --steps 20   # anywhere, once published
\`\`\`
`;

const plugin = (name: string) =>
  `import { definePlugin, type Plugin } from "@syntagma/syntagma";

/** What this package adds. Large modules are imported when they are asked for. */
const plugin: Plugin = definePlugin({
  name: "${name}",
  objectives: {
    captionDistance: {
      description: "the squared distance of a picture and its caption",
      load: async () => (await import("./loss.ts")).captionDistance,
    },
  },
  recipes: {
    "${name}": {
      description: "The loss of this package on drawn scenes",
      load: () => import("./recipe.ts"),
    },
  },
});

export default plugin;

// \`deno run -A jsr:@me/${name}\` runs the recipe; what follows are its settings and options.
if (import.meta.main) {
  const { main } = await import("@syntagma/syntagma/cli");
  Deno.exit(await main(["recipe", import.meta.resolve("./recipe.ts"), ...Deno.args]));
}
`;

const recipe = (name: string) =>
  `import { defineRecipe, objective, type Recipe } from "@syntagma/syntagma";
import { contrastive, singleCaption } from "@syntagma/syntagma/contrastive";
import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
import { scenes, scenesCompositional, tinyClip } from "@syntagma/syntagma/scenes";
import { captionDistance } from "./loss.ts";

/** A small model on drawn scenes: nothing is downloaded. */
const recipe: Recipe = defineRecipe({
  name: "${name}",
  description: "The loss of this package on drawn scenes",
  model: tinyClip(),
  data: scenes({ length: 50_000, seed: 2, telling: "plain" }),
  // Steps take these in turn.
  objectives: [
    objective("distance", singleCaption(), captionDistance()),
    objective("contrastive", singleCaption(), contrastive()),
  ],
  optimizer: adamw({ lr: 1e-3, weightDecay: 0.1 }),
  schedule: warmupCosine({ warmup: 0.2 }),
  batch: 32,
  steps: 100,
  evaluators: [scenesCompositional({ items: 100, seed: 1 })],
});

export default recipe;
`;

const LOSS = `import { defineComponent, type Loss, type LossContext } from "@syntagma/syntagma";
import { mean, mul, reshape, sub, sum } from "@syntagma/syntagma/graph";
import { z } from "zod";

/** The mean squared distance of pictures and their captions, \`2 − 2·u·t\`. */
export const captionDistance: (
  options?: { readonly weight?: number },
) => Loss<"caption"> = defineComponent({
  name: "captionDistance",
  schema: z.strictObject({ weight: z.number().min(0).default(1) }),
  make: ({ weight }) => ({
    needs: ["caption"],
    compute({ image, text }: LossContext<"caption">) {
      const [batch, dim] = image.shape as [number, number];
      // [batch, captions]
      const cosines = sum(mul(reshape(image, [batch, 1, dim]), text.caption), [2]);
      const distance = mean(sub(2, mul(cosines, 2)));
      return { total: mul(distance, weight), terms: { distance } };
    },
  }),
});
`;

const BENCHMARK = `import type { Benchmark, BenchmarkOptions } from "@syntagma/syntagma";
import { defineItemBenchmark, readAnnotationLines } from "@syntagma/syntagma/authoring";
import { z } from "zod";

const line = z.object({ image: z.string(), caption: z.string(), foil: z.string() });

/**
 * A true caption against a false one: JSON lines with image, caption and foil. A tie is wrong.
 * Options for missing pictures (\`partial\`) and fewer items (\`limit\`) come along.
 */
export const foils: (options: BenchmarkOptions) => Benchmark = defineItemBenchmark({
  name: "foils",
  source: {
    title: "Foils",
    pictures: "your own",
    licence: "your own",
  },
  // The cosines of the picture with each text.
  rule: () => ([own, foil]) => ({ acc: own! > foil! }),
  load: async (context, { annotations }) => {
    const lines = await readAnnotationLines(context, annotations, line);
    const items = lines.map(({ image, caption, foil }) => ({
      images: [{ file: image }],
      texts: [caption, foil],
    }));
    return [{ dataset: "foils", items }];
  },
});

/** For \`evaluate <weights> ./benchmark.ts\`. */
const benchmark: Benchmark = foils({ images: "data/photos", annotations: "data/foils.jsonl" });
export default benchmark;
`;

const TEST = `import { openContext, testLoss } from "@syntagma/syntagma/authoring";
import { tryRecipe } from "@syntagma/syntagma/runs";
import { equal, rejects } from "node:assert/strict";
import { foils } from "./benchmark.ts";
import { captionDistance } from "./loss.ts";
import plugin from "./plugin.ts";
import recipe from "./recipe.ts";

Deno.test("captionDistance: by hand, and its gradient by finite differences", async () => {
  // One caption is its picture, the other is at a right angle to it: distances 0 and 2.
  await testLoss(captionDistance({ weight: 3 }), {
    dim: 2,
    embeddings: { image: [1, 0, 0, 1], text: { caption: [1, 0, 1, 0] } },
    expected: { total: 3, distance: 1 },
  });
  await testLoss(captionDistance(), { groups: { caption: 2 } });
});

Deno.test("foils: reads its lines and names pictures that are missing", async () => {
  const folder = await Deno.makeTempDir();
  const annotations = \`\${folder}/foils.jsonl\`;
  const line = { image: "cat.png", caption: "a cat", foil: "a dog" };
  await Deno.writeTextFile(annotations, JSON.stringify(line));
  using context = openContext();
  const benchmark = foils({ images: folder, annotations });
  await rejects(async () => await benchmark.check!(context), /cat\\.png/);
  await Deno.writeTextFile(\`\${folder}/cat.png\`, "there, and not decoded by check");
  await benchmark.check!(context);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("plugin: lists the recipe by its name, which trains", async () => {
  const { default: listed } = await plugin.recipes![recipe.name]!.load();
  equal(listed, recipe);
  const { completed } = await tryRecipe(recipe, { evaluators: [] });
  equal(completed, true);
});
`;
