import type { PluginSet } from "../../../../core/join_plugins.ts";
import { expect } from "expect";
import { pathToFileURL } from "node:url";
import { definePlugin } from "../../../../core/plugin.ts";
import { main } from "../../../../plugins/app/cli/main.ts";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import type { World } from "../../../../plugins/app/cli/world.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { DryRunOptions, RunOptions } from "../../../../plugins/app/runs/run_options.ts";
import type { Recipe } from "../../../../core/recipe.ts";
import { settings } from "../../../helpers/recipe_fixture.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const recipe = defineRecipe(settings());

const recipes: PluginSet["recipes"] = {
  "toy-recipe": {
    description: recipe.description,
    load: () => Promise.resolve({ default: recipe }),
  },
  "other": {
    description: "Never loaded.",
    load: () => Promise.reject(new Error("loaded though not asked for")),
  },
};

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What the engine was asked for. */
  readonly asked: { recipe: Recipe; options: RunOptions | DryRunOptions }[];
}

/** The command line with an engine that takes notes instead of training. */
async function run(...args: string[]): Promise<Outcome> {
  const stdout = createSink();
  const stderr = createSink();
  const asked: Outcome["asked"] = [];
  const world: World = {
    stdout,
    stderr,
    terminal: false,
    width: () => 80,
    embeddings: () => "embeddings",
    loadEngine: () =>
      Promise.resolve({
        createAssets: () => ({
          file: (address) => Promise.resolve(address),
          optionalFile: () => Promise.resolve(undefined),
        }),
        runRecipe: (recipe, options) => {
          asked.push({ recipe, options });
          options.context!.log("working");
          const scored = { dataset: "quiz", task: "selection", items: 1, headline: "acc" };
          return Promise.resolve({
            folder: "runs/toy-1",
            steps: 3,
            completed: true,
            before: [{ ...scored, metrics: { acc: 0.25 } }],
            after: [{ ...scored, metrics: { acc: 0.5 } }],
            transformed: [{
              stage: "patch-0.6",
              evaluations: [{ ...scored, metrics: { acc: 0.4 } }],
            }],
          });
        },
        runStudy: (study, options) => {
          for (const { recipe } of study.arms) asked.push({ recipe, options });
          const completed = study.seeds.length === 3;
          return Promise.resolve({ folder: "runs/toy-study-1", completed, table: "| a table |" });
        },
        dryRun: (recipe, options) => {
          asked.push({ recipe, options });
          return Promise.resolve({
            needs: [
              { what: "data", ready: true, state: "toys, 9 examples" },
              { what: "evaluators.quiz", ready: recipe.batch !== 9, state: "no\npictures" },
            ],
            estimate: recipe.batch === 8 ? "no architecture" : {
              device: "cpu",
              deviceReason: "asked for",
              parameters: { trained: 1500, frozen: 20 },
              memoryBytes: 3 * 2 ** 20,
              objectives: [{ name: "clic", secondsPerStep: 0.25 }],
              runs: { made: 12, leftOut: 1300 },
              steps: 800,
              estimatedSeconds: 200,
            },
          });
        },
      }),
  };
  const code = await runProgram(args, [{ name: "test", recipes }], world);
  return { code, out: stdout.text(), err: stderr.text(), asked };
}

Deno.test("main: knows the plugins that it is given, and speaks on the process's own streams", async () => {
  const echo = definePlugin({
    name: "echo",
    commands: {
      echo: { description: "says it again", load: () => Promise.reject(new Error("not needed")) },
    },
  });
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const { writeSync } = Deno.stdout;
  Deno.stdout.writeSync = (bytes) => {
    pieces.push(bytes.slice());
    return bytes.length;
  };
  try {
    expect(await main(["--help"], [echo])).toBe(0);
  } finally {
    Deno.stdout.writeSync = writeSync;
  }
  const text = await new Blob(pieces).text();
  expect(text).toContain("Usage: syntagma");
  expect(text).toMatch(/echo +says it again/);
});

Deno.test("main: recipe without a name lists all recipes and loads none", async () => {
  expect(await run("recipe")).toEqual({
    code: 0,
    out: "other       Never loaded.\ntoy-recipe  A recipe for tests.\n",
    err: "",
    asked: [],
  });
});

Deno.test("main: recipe runs with overrides and options, then prints scores and the folder", async () => {
  const { code, out, err, asked } = await run(
    ...["recipe", "toy-recipe", "optimizer.lr=0.5", "--steps", "7", "batch=2", "--seed", "3"],
    ...["--device", "wasm", "--runs", "elsewhere"],
  );
  expect({ code, err }).toEqual({ code: 0, err: "working\n" });
  expect(out).toBe(
    "dataset  metric  before %  after %  difference  patch-0.6 %  difference\n" +
      "quiz     acc        25.00    50.00      +25.00        40.00      +15.00\n\n" +
      "run folder: runs/toy-1\n",
  );
  const { recipe, options } = asked[0]!;
  expect(recipe).toMatchObject({ batch: 2, steps: 7, seed: 3 });
  expect(recipe.optimizer.options.lr).toBe(0.5);
  expect(options).toMatchObject({
    device: "wasm",
    runs: "elsewhere",
    source: {
      recipe: "toy-recipe",
      overrides: ["optimizer.lr=0.5", "batch=2", "steps=7", "seed=3"],
    },
  });
});

Deno.test("main: recipe --dry-run prints what the run needs, then what it would take", async () => {
  const { code, out, asked } = await run("recipe", "toy-recipe", "--dry-run", "batch=9");
  // A run would refuse to begin.
  expect(code).toBe(1);
  expect(asked).toHaveLength(1);
  expect(asked[0]!.options).toMatchObject({ runs: "runs", lookedFor: {} });
  expect(out).toBe([
    "data             toys, 9 examples",
    "evaluators.quiz  not ready: no; pictures",
    "device           cpu (asked for)",
    "parameters       1,500 trained, 20 frozen",
    "memory           3 MiB",
    "step of clic     0.250 s",
    "measured         12 runs of programs; 1,300 more counted",
    "steps            800",
    "estimated time   3 min 20 s",
    "",
  ].join("\n"));
  const unknown = await run("recipe", "toy-recipe", "--dry-run", "batch=8");
  expect(unknown.code).toBe(0);
  expect(unknown.out).toContain("estimate         not made: no architecture\n");
});

Deno.test("main: recipe --dry-run --json prints the resolved recipe and the report", async () => {
  const { code, out } = await run("recipe", "toy-recipe", "--dry-run", "--json", "batch=7");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    recipe: { name: "toy-recipe", batch: 7 },
    needs: [{ what: "data", ready: true }, { what: "evaluators.quiz", ready: true }],
    estimate: { steps: 800, device: "cpu" },
  });
  expect(await run("recipe", "toy-recipe", "--json")).toMatchObject({
    code: 2,
    err: expect.stringContaining("--json is of a dry run: expected --dry-run too"),
    asked: [],
  });
});

Deno.test("main: options that are written as settings, and settings as options, are told", async () => {
  expect((await run("recipe", "toy-recipe", "device=cpu")).err)
    .toContain("error: device is no setting; expected --device cpu\n");
  expect((await run("recipe", "toy-recipe", "--lr", "3")).err)
    .toContain("settings are written path=value");
  expect((await run("recipe", "toy-recipe", "steps=3", "seed=1")).code).toBe(0);
});

Deno.test("main: an unknown recipe is an error with the nearest name and the way to the list", async () => {
  expect(await run("recipe", "toy-recipy")).toEqual({
    code: 1,
    out: "",
    err: 'error: there is no recipe "toy-recipy"; did you mean "toy-recipe"?\n' +
      '  the command "recipe" without a name lists all recipes\n',
    asked: [],
  });
  expect((await run("recipe", "toString")).err).toContain('there is no recipe "toString"');
});

Deno.test("main: faults of overrides are one error, before any work", async () => {
  expect(await run("recipe", "toy-recipe", "optimizer.lrr=1", "batch=0")).toEqual({
    code: 1,
    out: "",
    err: 'error: optimizer.lrr: there is no such setting; did you mean "optimizer.lr"?\n' +
      "  batch: expected a whole number of at least 1, found 0\n",
    asked: [],
  });
});

Deno.test("main: arguments that are not understood give exit code 2", async () => {
  const faulty = async (...args: string[]) => {
    const { code, err, asked } = await run(...args);
    expect({ code, asked }).toEqual({ code: 2, asked: [] });
    return err;
  };
  for (const steps of ["0", "-1", "1.5", "many", ""]) {
    expect(await faulty("recipe", "toy-recipe", `--steps=${steps}`)).toBe(
      `error: option '--steps <n>' argument '${steps}' is invalid. ` +
        "Expected a whole number of at least 1.\n",
    );
  }
  expect(await faulty("recipe", "toy-recipe", "--seed=-1")).toContain("at least 0");
  expect(await faulty("recipe", "toy-recipe", "--device", "tpu"))
    .toContain("Allowed choices are auto, cpu, webgpu, cuda, wasm");
  expect(await faulty("recipe", "toy-recipe", "--stepps", "1")).toContain("Did you mean --steps?");
  expect(await faulty("recipe", "batch=3")).toContain("expected the name, path or address");
  expect(await faulty("recipe", "--dry-run")).toContain("expected the name, path or address");
  expect(await faulty("recipe", "--dry-run", "--resume", "x")).toContain("cannot be used with");
  expect(await faulty("recip")).toContain("unknown command 'recip'");
  expect(await faulty()).toContain("Usage: syntagma");
});

Deno.test("main: --help is no failure", async () => {
  const { code, out } = await run("recipe", "--help");
  expect(code).toBe(0);
  expect(out).toContain("--resume <folder>");
});

Deno.test("main: recipe takes the path or file: URL of a module", async () => {
  await withFolder(async (folder) => {
    const fixture = new URL("../../../helpers/recipe_fixture.ts", import.meta.url).href;
    const path = `${folder}/my=recipe.ts`;
    await Deno.writeTextFile(
      path,
      `import { settings } from "${fixture}";\nexport default settings({ name: "mine" });\n`,
    );
    const url = pathToFileURL(path).href;
    for (const reference of [path, url]) {
      const { code, asked } = await run("recipe", reference, "batch=3");
      expect(code).toBe(0);
      expect(asked[0]!.recipe).toMatchObject({ name: "mine", batch: 3 });
      // A path is kept as a URL: it is good from any folder.
      expect(asked[0]!.options).toMatchObject({ source: { recipe: url, overrides: ["batch=3"] } });
    }
  });
});

Deno.test("main: a module that holds no recipe is a clear error", async () => {
  await withFolder(async (folder) => {
    const faultOf = async (name: string, source: string) => {
      await Deno.writeTextFile(`${folder}/${name}`, source);
      const { code, err } = await run("recipe", `${folder}/${name}`);
      expect(code).toBe(1);
      expect(err).not.toContain("load_recipe.ts");
      return err.replaceAll(`${folder}/`, "");
    };
    expect(await faultOf("none.ts", "export const recipe = 1;"))
      .toBe("error: none.ts: expected a recipe as default export, found no default export\n");
    expect(await faultOf("number.ts", "export default 3;")).toBe(
      "error: number.ts: the default export is no recipe\n" +
        "  recipe: expected the settings of a recipe, found 3\n",
    );
    expect(await faultOf("torn.ts", "export default {"))
      .toContain("error: torn.ts cannot be loaded: ");
    expect(await faultOf("thrown.ts", 'throw new RangeError("batch: too small");'))
      .toBe("error: thrown.ts: batch: too small\n");
    expect((await run("recipe", `${folder}/missing.ts`)).err)
      .toBe(`error: ${folder}/missing.ts: there is no such file\n`);
  });
});

Deno.test("main: --trace shows where an error comes from", async () => {
  const { code, err } = await run("recipe", "unheard-of", "--trace");
  expect(code).toBe(1);
  expect(err).toContain('there is no recipe "unheard-of"');
  expect(err).toContain("load_recipe.ts");
});

Deno.test("main: --resume goes on with the recipe and overrides of the run's manifest", async () => {
  await withFolder(async (folder) => {
    const source = { recipe: "toy-recipe", overrides: ["batch=2"] };
    await Deno.writeTextFile(`${folder}/manifest.json`, JSON.stringify({ source }));
    for (const given of [[], ["toy-recipe"], ["toy-recipe", "batch=2"], ["batch=2"]]) {
      const { code, asked } = await run("recipe", ...given, "--resume", folder);
      expect(code).toBe(0);
      expect(asked[0]!.recipe.batch).toBe(2);
      expect(asked[0]!.options).toMatchObject({ resume: folder, source });
    }
    // Nothing that is trained depends on room but for rounding: another machine may have less.
    const { asked } = await run("recipe", "memory=2", "chunk=3", "--resume", folder);
    const { batch, memory, chunk } = asked[0]!.recipe;
    expect([batch, memory, chunk]).toEqual([2, 2, 3]);
    const refusal = async (...given: string[]) => {
      const { code, err, asked } = await run("recipe", ...given, "--resume", folder);
      expect({ code, asked }).toEqual({ code: 1, asked: [] });
      return err.replaceAll(folder, "RUN");
    };
    expect(await refusal("other"))
      .toBe("error: RUN: expected the run's own recipe toy-recipe, found other\n");
    expect(await refusal("toy-recipe", "batch=3"))
      .toBe("error: RUN: expected the run's own overrides (batch=2), found batch=3\n");
    expect(await refusal("--steps", "9"))
      .toBe("error: RUN: expected the run's own overrides (batch=2), found steps=9\n");
    await Deno.writeTextFile(`${folder}/manifest.json`, "{}");
    expect(await refusal())
      .toBe("error: RUN/manifest.json: expected a source with recipe, overrides and folder\n");
    await Deno.remove(`${folder}/manifest.json`);
    expect(await refusal())
      .toBe("error: RUN: expected the folder of a run, found no manifest.json in it\n");
  });
});

Deno.test("main: a study is run with the overrides made to every arm, and prints its table", async () => {
  await withFolder(async (folder) => {
    const arms = `["one", "two"].map((name) => ({ name, recipe: defineRecipe(settings()) }))`;
    const write = async (name: string, seeds: string) => {
      await Deno.writeTextFile(
        `${folder}/${name}`,
        `import { defineRecipe, defineStudy } from ${
          JSON.stringify(import.meta.resolve("../../../../mod.ts"))
        };
         import { settings } from ${
          JSON.stringify(import.meta.resolve("../../../helpers/recipe_fixture.ts"))
        };
         export default defineStudy({
           name: "toy-study", description: "A study.", arms: ${arms}, seeds: ${seeds},
         });`,
      );
      return `${folder}/${name}`;
    };
    const whole = await run("recipe", await write("whole.ts", "[0, 1, 2]"), "batch=7");
    expect(whole.code).toBe(0);
    expect(whole.out).toBe("| a table |\n\nstudy folder: runs/toy-study-1\n");
    expect(whole.asked.map(({ recipe }) => recipe.batch)).toEqual([7, 7]);
    const stopped = await run("recipe", await write("stopped.ts", "[0]"));
    expect(stopped.code).toBe(130);
    expect(stopped.err).toContain("--resume runs/toy-study-1 goes on from there");
    const wrong = await run("recipe", `${folder}/whole.ts`, "bacth=7");
    expect(wrong).toMatchObject({ code: 1, out: "", asked: [] });
    expect(wrong.err).toContain("batch");
  });
});
