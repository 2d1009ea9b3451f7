import { expect } from "expect";
import { createDenoFolder } from "../helpers/deno_folder.ts";
import { startJsrRegistry } from "../helpers/jsr_registry.ts";
import { withFolder } from "../helpers/with_folder.ts";

const root = new URL("../../", import.meta.url);
const photos = new URL("../data/photos/", import.meta.url);
const { version } = JSON.parse(await Deno.readTextFile(new URL("deno.json", root)));

/** A package of somebody else: a recipe, its table beside it, two pictures in a folder. */
const own: Readonly<Record<string, string>> = {
  "deno.json": JSON.stringify({
    name: "@me/own-pictures",
    version: "1.0.0",
    license: "MIT",
    exports: "./recipe.ts",
    imports: {
      "@syntagma/syntagma": `jsr:@syntagma/syntagma@${version}`,
    },
  }),
  "captions.csv": "filepath,caption\n" +
    "pictures/000000161044.jpg,a red circle\npictures/000000205401.jpg,a blue square\n",
  "recipe.ts": `
    import { defineRecipe, objective, type Recipe } from "@syntagma/syntagma";
    import { captions } from "@syntagma/syntagma/captions";
    import { contrastive, singleCaption } from "@syntagma/syntagma/contrastive";
    import { adamw, warmupCosine } from "@syntagma/syntagma/optimizers";
    import { tinyClip } from "@syntagma/syntagma/scenes";

    const recipe: Recipe = defineRecipe({
      name: "own-pictures",
      description: "The tiny CLIP on two pictures of this package",
      model: tinyClip(),
      data: captions({ path: import.meta.resolve("./captions.csv") }),
      objectives: [objective("contrastive", singleCaption(), contrastive())],
      optimizer: adamw({ lr: 1e-4 }),
      schedule: warmupCosine({ warmup: 0 }),
      batch: 2,
      steps: 2,
      evaluators: [],
    });
    export default recipe;
  `,
};

Deno.test("package: runs from a registry in an empty cache, and again without the registry", async (t) => {
  await withFolder(async (folder) => {
    const registry = startJsrRegistry();
    const { run, publish } = await createMachine(folder, registry.url);
    try {
      await t.step("deno publish fills the registry", async () => {
        await publish(root);
        expect(registry.served.length).toBeGreaterThan(0);
      });

      const tiny = [
        "jsr:@syntagma/syntagma/main",
        ...["recipe", "clic-tiny", "--device", "cpu", "--steps", "2", "chunk=96"],
        ...["Compositional", "Pairs", "Retrieval", "ZeroShot"].map((each) =>
          `evaluators.scenes${each}.items=4`
        ),
        "--runs",
      ];
      await t.step("clic-tiny, with its report", async () => {
        expect(await run(...tiny, "first")).toMatchObject({ code: 0 });
        await expectReport(`${folder}/first`);
        expect(timesServed(registry.served)).toEqual({ weights: 1, style: 1, script: 1 });
      });

      await t.step("a recipe of another package, on its own table and pictures", async () => {
        await Deno.mkdir(`${folder}/own/pictures`, { recursive: true });
        for (const [name, text] of Object.entries(own)) {
          await Deno.writeTextFile(`${folder}/own/${name}`, text);
        }
        for (const name of ["000000161044.jpg", "000000205401.jpg"]) {
          await Deno.copyFile(new URL(name, photos), `${folder}/own/pictures/${name}`);
        }
        await publish(`${folder}/own`);
        // What the registry serves is all there is.
        await Deno.remove(`${folder}/own`, { recursive: true });
        expect(await run(...ownRecipe, "own-first")).toMatchObject({ code: 0 });
        expect(await lossesIn(`${folder}/own-first`)).toHaveLength(2);
      });

      await t.step("docs/publish_a_recipe.md: new, edited, published, run elsewhere", async () => {
        const text = await Deno.readTextFile(new URL("docs/publish_a_recipe.md", root));
        const blocks = [...text.matchAll(/^```(sh|diff)\n(.*?)^```$/gms)]
          .map(([, kind, body]) => [kind, body!.trim().split("\n")] as const);
        const [begin, edit, check, publishing, elsewhere] = blocks.map(([, lines]) => lines);
        expect(begin).toEqual([
          expect.stringMatching(/^deno run -A \S+ new my-clic$/),
          "cd my-clic",
        ]);
        expect(await run(...begin![0]!.split(" ").slice(3))).toMatchObject({ code: 0 });
        const recipe = `${folder}/my-clic/recipe.ts`;
        const [before, after] = edit!.map((line) => line.slice(1));
        const source = await Deno.readTextFile(recipe);
        expect(source.split(before!)).toHaveLength(2);
        await Deno.writeTextFile(recipe, source.replace(before!, after!));
        // Tests of the command \`new\` run these tasks.
        const { tasks } = JSON.parse(await Deno.readTextFile(`${folder}/my-clic/deno.json`));
        expect(check!.map((line) => line.split(" ")[2])).toEqual(
          Object.keys(tasks).toSorted((a, b) =>
            ["check", "test", "recipe"].indexOf(a) - ["check", "test", "recipe"].indexOf(b)
          ),
        );
        expect(publishing).toEqual(["deno publish"]);
        await publish(`${folder}/my-clic`);
        await Deno.remove(`${folder}/my-clic`, { recursive: true });
        const words = elsewhere![0]!.replace("--steps 20", "--steps 2").split(" ").slice(3);
        expect(await run(...words, "--device", "cpu", "evaluators=none", "--runs", "mine"))
          .toMatchObject({ code: 0 });
        expect(await lossesIn(`${folder}/mine`)).toHaveLength(2);
        const name = await onlyRun(`${folder}/mine`);
        const manifest = JSON.parse(
          await Deno.readTextFile(`${folder}/mine/${name}/manifest.json`),
        );
        expect(manifest.recipe.batch).toBe(16);
      });

      await t.step("without /main it says what to do", async () => {
        expect(await run("jsr:@syntagma/syntagma")).toEqual({
          code: 2,
          out: "",
          err: "error: this is the library; the command line is: " +
            "deno run -A jsr:@syntagma/syntagma/main recipe\n",
        });
      });

      await registry.stop();
      await t.step("both again with the registry switched off: the same losses", async () => {
        expect(await run(...tiny, "second")).toMatchObject({ code: 0 });
        await expectReport(`${folder}/second`);
        expect(await lossesIn(`${folder}/second`)).toEqual(await lossesIn(`${folder}/first`));
        expect(await run(...ownRecipe, "own-second")).toMatchObject({ code: 0 });
        expect(await lossesIn(`${folder}/own-second`)).toEqual(
          await lossesIn(`${folder}/own-first`),
        );
      });
    } finally {
      await registry.stop();
    }
  });
});

const ownRecipe = [
  "jsr:@syntagma/syntagma/main",
  ...["recipe", "jsr:@me/own-pictures", "--device", "cpu", "--runs"],
];

/** Deno with empty caches but for npm's, which JSR does not serve, whose registry is this one. */
async function createMachine(folder: string, registry: string) {
  const here = `${folder}/deno`;
  await createDenoFolder(here);
  const command = async (args: readonly string[], cwd: string | URL) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd,
      stdin: "null",
      env: {
        JSR_URL: registry,
        DENO_DIR: here,
        SYNTAGMA_CACHE: `${folder}/cache`,
        DENO_NO_UPDATE_CHECK: "1",
        NO_COLOR: "1",
      },
    }).output();
    const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, out: out!, err: err! };
  };
  return {
    run: (...args: string[]) => command(["run", "-A", "--quiet", ...args], folder),
    async publish(cwd: string | URL) {
      const args = ["publish", "--allow-dirty", "--no-check", "--no-provenance", "--token", "any"];
      expect(await command(args, cwd)).toMatchObject({ code: 0 });
    },
  };
}

/** How often the files that are not modules were asked for. */
function timesServed(served: readonly string[]) {
  const count = (name: string) => served.filter((path) => path.endsWith(`/${name}`)).length;
  return {
    weights: count("tiny_clip.safetensors"),
    style: count("page.css"),
    script: count("client.js"),
  };
}

async function expectReport(runs: string): Promise<void> {
  const report = await Deno.readTextFile(`${runs}/${await onlyRun(runs)}/report.html`);
  for (const name of ["page.css", "follow_address.js", "client.js"]) {
    const shipped = await Deno.readTextFile(new URL(`plugins/app/report/${name}`, root));
    expect(report).toContain(shipped.slice(0, 200));
  }
}

async function lossesIn(runs: string): Promise<readonly number[]> {
  const lines = await Deno.readTextFile(`${runs}/${await onlyRun(runs)}/metrics.jsonl`);
  const steps = lines.trim().split("\n").map((line) => JSON.parse(line))
    .filter(({ loss }) => loss !== undefined);
  for (const { loss } of steps) expect(Number.isFinite(loss)).toBe(true);
  return steps.map(({ loss }) => loss);
}

async function onlyRun(runs: string): Promise<string> {
  const [entry] = await Array.fromAsync(Deno.readDir(runs));
  return entry!.name;
}
