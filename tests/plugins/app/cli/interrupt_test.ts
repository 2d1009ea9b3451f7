import { expect } from "expect";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

/** Runs `interruptible` in a process of its own, whose work ends when `ending` holds. */
function start(ending: string): Deno.ChildProcess {
  const module = new URL("../../../../plugins/app/cli/interrupt.ts", import.meta.url).href;
  return new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      WITH_LOCK,
      `import { interruptible } from "${module}";
      await interruptible(async (signal) => {
        console.log("started");
        while (!(${ending})) await new Promise((done) => setTimeout(done, 5));
        console.log("checkpoint");
      }, () => console.log("stopping"));
      Deno.exit(7);`,
    ],
    stdout: "piped",
  }).spawn();
}

/** Sends an interrupt after each of the lines, and gives all that was printed. */
async function interruptAfter(process: Deno.ChildProcess, lines: string[]): Promise<string> {
  let text = "";
  for await (const chunk of process.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    while (lines.length > 0 && text.includes(lines[0]!)) {
      lines.shift();
      process.kill("SIGINT");
    }
  }
  return text;
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "interruptible: the first Ctrl-C aborts the signal and lets the work end",
  ignore,
  fn: async () => {
    const process = start("signal.aborted");
    expect(await interruptAfter(process, ["started"])).toBe("started\nstopping\ncheckpoint\n");
    expect((await process.status).code).toBe(7);
  },
});

Deno.test({
  name: "interruptible: the second Ctrl-C ends the process at once",
  ignore,
  fn: async () => {
    const process = start("false");
    expect(await interruptAfter(process, ["started", "stopping"])).toBe("started\nstopping\n");
    // 128 + 2, the number of SIGINT.
    expect((await process.status).code).toBe(130);
  },
});

Deno.test({
  name: "main: Ctrl-C stops the run, says how it goes on, and gives exit code 130",
  ignore,
  fn: async () => {
    const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
    // An engine that works until it is asked to stop.
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        WITH_LOCK,
        `import { runProgram } from ${here("../../../../plugins/app/cli/run_program.ts")};
        import { settings } from ${here("../../../helpers/recipe_fixture.ts")};
        const runRecipe = async (_, { context, signal }) => {
          context.log("started");
          while (!signal.aborted) await new Promise((done) => setTimeout(done, 5));
          return { folder: "runs/toy", steps: 12, completed: false, before: [], after: [], transformed: [] };
        };
        const world = {
          stdout: Deno.stdout,
          stderr: Deno.stdout,
          terminal: false,
          width: () => 80,
          embeddings: () => "none",
          loadEngine: () => Promise.resolve({ runRecipe, createAssets: () => ({}) }),
        };
        const load = () => Promise.resolve({ default: settings() });
        Deno.exit(await runProgram(["recipe", "toy"], [{ name: "test", recipes: { toy: { description: "", load } } }], world));`,
      ],
      cwd: new URL("../../../../", import.meta.url),
      stdout: "piped",
    }).spawn();
    expect(await interruptAfter(process, ["started"])).toBe(
      "started\nstopping after this step; Ctrl-C again stops at once\nrun folder: runs/toy\n" +
        "stopped after step 12; --resume runs/toy goes on from there\n",
    );
    expect((await process.status).code).toBe(130);
  },
});
