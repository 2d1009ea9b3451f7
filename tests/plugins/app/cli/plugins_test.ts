import { expect } from "expect";
import { takePluginArguments } from "../../../../plugins/app/cli/load_plugins.ts";
import { runCommand } from "../../../helpers/run_command.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const mod = import.meta.resolve("../../../../mod.ts");

/** A plugin with a command, and a benchmark whose one item every model gets right. */
const PLUGIN = `
import { definePlugin } from ${JSON.stringify(mod)};
const evaluation = {
  dataset: "quiz", task: "quiz", metrics: { acc: 1 }, items: 1, headline: "acc",
  itemScores: [{ id: "0", scores: [1], correct: { acc: true } }],
};
const make = (options) => ({
  name: "quiz",
  options: { limit: null, ...options },
  evaluate: () =>
    Promise.resolve([{ ...evaluation, metrics: { acc: options.limit === 7 ? 1 : 0 } }]),
  with: (changes) => make({ ...options, ...changes }),
});
export default definePlugin({
  name: "mine",
  benchmarks: {
    quiz: {
      source: {
        title: "Quiz", paper: null, homepage: null, annotations: null, pictures: "none",
        licence: "MIT", gated: false, items: 1,
      },
      takes: ["limit"],
      create: make,
    },
  },
  commands: {
    greet: {
      description: "Greets.",
      load: () => Promise.resolve({
        default: (command, { world }) =>
          command.action(() => void world.stdout.writeSync(new TextEncoder().encode("hello"))),
      }),
    },
  },
});
export const quiz = make({});
`;

Deno.test("takePluginArguments: wherever they stand, but not after --", () => {
  expect(
    takePluginArguments(["a", "--plugin", "x.ts", "b", "--plugin=y.ts", "--", "--plugin", "z"]),
  )
    .toEqual({ references: ["x.ts", "y.ts"], rest: ["a", "b", "--", "--plugin", "z"] });
  expect(() => takePluginArguments(["a", "--plugin"])).toThrow(
    "--plugin: expected the path or address of a module, found nothing",
  );
});

Deno.test("main: --plugin adds commands and benchmarks, a module is a benchmark by its path", () =>
  withFolder(async (folder) => {
    const plugin = `${folder}/mine.ts`;
    await Deno.writeTextFile(plugin, PLUGIN);
    expect(await runCommand("greet", "--plugin", plugin))
      .toEqual({ code: 0, out: "hello", err: "" });
    const listed = await runCommand("plugins", `--plugin=${plugin}`);
    expect(listed.out).toContain("mine\n  benchmarks: quiz\n  commands: greet\n");

    const alone = `${folder}/alone.ts`;
    await Deno.writeTextFile(alone, `export { quiz as default } from "./mine.ts";`);
    const common = ["--device", "cpu", "--no-cache", "--limit", "7"];
    for (
      const [benchmark, ...more] of [["quiz", "--plugin", plugin], [plugin], [alone]]
    ) {
      const { code, out } = await runCommand("evaluate", "tiny", benchmark!, ...more, ...common);
      expect({ benchmark, code }).toEqual({ benchmark, code: 0 });
      // Right only where the limit has come through.
      expect(out).toContain("| quiz | **acc** | 100.00");
    }
  }));

Deno.test("main: what is no plugin or benchmark is said by its path", () =>
  withFolder(async (folder) => {
    const path = `${folder}/none.ts`;
    await Deno.writeTextFile(path, "export const a = 1;");
    expect(await runCommand("plugins", "--plugin", path)).toMatchObject({
      code: 1,
      err: `error: --plugin ${path}: expected a plugin as default export (definePlugin({ name, … ` +
        `})), found no default export\n`,
    });
    const { code, err } = await runCommand("evaluate", "tiny", path, "--device", "cpu");
    expect(code).toBe(1);
    expect(err).toContain(`${path}: expected a benchmark as default export`);
  }));
