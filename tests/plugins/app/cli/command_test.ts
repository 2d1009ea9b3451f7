import { expect } from "expect";
import type { PluginSet } from "../../../../core/join_plugins.ts";
import type { DefineCommand } from "../../../../plugins/app/cli/command.ts";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { wholeNumber } from "../../../../plugins/app/cli/options.ts";
import { processWorld } from "../../../../plugins/app/cli/world.ts";
import { createSink } from "../../../helpers/text_sink.ts";

/** The command line with a command that greets, and one that is never loaded. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [createSink(), createSink()];
  const define: DefineCommand = (command, host) => {
    const options = command.argument("<whom>").option("--times <n>", "how often")
      .option("--chunk <n>", "how many at a time", wholeNumber(1), 64);
    options.action((whom, { times }) => {
      if (whom === "nobody") throw new RangeError("greet: expected somebody, found nobody");
      if (whom === "everybody") throw new Error("ONNX Runtime: std::bad_alloc");
      stdout.writeSync(
        new TextEncoder().encode(`hello ${whom} ${times} ${Object.keys(host.plugins.recipes)}`),
      );
      host.done(3);
    });
  };
  const commands: PluginSet["commands"] = {
    greet: { description: "Greets.", load: () => Promise.resolve({ default: define }) },
    other: {
      description: "Is never loaded.",
      load: () => Promise.reject(new Error("loaded though not asked for")),
    },
  };
  const recipes = { toy: { description: "", load: () => Promise.reject(new Error()) } };
  const world = { ...processWorld(), stdout, stderr, terminal: false };
  const code = await runProgram(args, [{ name: "test", recipes, commands }], world);
  return { code, out: stdout.text(), err: stderr.text() };
}

Deno.test("main: lists commands by their descriptions and loads none", async () => {
  const { code, out } = await run("--help");
  expect(code).toBe(0);
  expect(out).toMatch(/greet\s+Greets\.\n\s+other\s+Is never loaded\./);
});

Deno.test("main: a command that is called gets its arguments, and gives the exit code", async () => {
  expect(await run("greet", "Ada", "--times", "2"))
    .toEqual({ code: 3, out: "hello Ada 2 toy", err: "" });
});

Deno.test("main: a command's help has its own options", async () => {
  const { code, out } = await run("greet", "--help");
  expect(code).toBe(0);
  expect(out).toContain("Usage: syntagma greet [options] <whom>");
  expect(out).toContain("--times <n>  how often");
});

Deno.test("main: what a command refuses is one message, with exit code 1, bad arguments with 2", async () => {
  expect(await run("greet", "nobody")).toEqual({
    code: 1,
    out: "",
    err: "error: greet: expected somebody, found nobody\n",
  });
  // Where there was no memory, with the option that takes less.
  expect((await run("greet", "everybody", "--chunk", "32")).err)
    .toBe("error: ONNX Runtime: std::bad_alloc\n  memory: a --chunk below 32 takes less\n");
  expect(await run("greet")).toMatchObject({
    code: 2,
    err: "error: missing required argument 'whom'\n",
  });
  expect((await run("gret", "Ada")).err).toContain("Did you mean greet?");
});
