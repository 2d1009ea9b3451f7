import { expect } from "expect";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { processWorld } from "../../../../plugins/app/cli/world.ts";
import { writePicture } from "../../../helpers/benchmark_fixture.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { holdRunFolder } from "../../../../plugins/app/runs/run_folder.ts";
import { withFolder } from "../../../helpers/with_folder.ts";
import { WITH_LOCK } from "../../../helpers/with_lock.ts";

// 50 examples in batches of 8, four epochs: 4 · 6 = 24 steps, of which every third is kept.
const STEPS = 24;
const recipe = new URL("../../../fixtures/tiny_run.ts", import.meta.url).pathname;
const root = new URL("../../../../", import.meta.url);

interface Step {
  readonly step: number;
  readonly epoch: number;
  readonly objective: string;
  readonly loss: number;
  readonly lr: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** Runs the command line in this process. */
async function runHere(...args: string[]): Promise<{ code: number; text: string }> {
  const sink = createSink();
  const world = { ...processWorld(), stdout: sink, stderr: sink, terminal: false };
  const code = await runProgram(["recipe", ...args, "--device", "cpu"], [], world);
  return { code, text: sink.text() };
}

/** Runs the fixture in a process of its own and sends a signal once `steps` are in the metrics. */
async function runUntil(runs: string, steps: number, signal: Deno.Signal) {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      WITH_LOCK,
      "--no-check",
      "main.ts",
      "recipe",
      recipe,
      "--device",
      "cpu",
      "--runs",
      runs,
    ],
    cwd: root,
    env: { MILLISECONDS_A_PICTURE: "30" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = process.output();
  let ended = false;
  process.status.then(() => ended = true);
  while (!ended && (await stepsIn(runs)).length < steps) await pause(5);
  if (ended) throw new Error(new TextDecoder().decode((await output).stderr));
  process.kill(signal);
  const { code, stdout, stderr } = await output;
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  const [{ name }] = [...Deno.readDirSync(runs)] as [Deno.DirEntry];
  return { code, text, folder: `${runs}/${name}` };
}

async function stepsIn(runs: string): Promise<string[]> {
  for await (const { name } of readDir(runs)) {
    try {
      return (await Deno.readTextFile(`${runs}/${name}/metrics.jsonl`)).split("\n").slice(0, -1);
    } catch {
      return [];
    }
  }
  return [];
}

async function* readDir(path: string): AsyncGenerator<Deno.DirEntry> {
  try {
    yield* Deno.readDir(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** What a run leaves, but for the times that its steps took. */
async function resultOf(folder: string): Promise<{ weights: Uint8Array; steps: Step[] }> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trimEnd().split("\n");
  const steps = lines.map((line): Step => {
    const { step, epoch, objective, loss, lr, terms } = JSON.parse(line);
    return { step, epoch, objective, loss, lr, terms };
  });
  return { weights: await Deno.readFile(`${folder}/model/open_clip_model.safetensors`), steps };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

function checkpoints(folder: string): string[] {
  return [...Deno.readDirSync(`${folder}/checkpoints`)].map(({ name }) => name).toSorted();
}

function expectSameBytes(found: Uint8Array, expected: Uint8Array): void {
  expect(found.length).toBe(expected.length);
  const first = found.findIndex((byte, i) => byte !== expected[i]);
  expect(first).toBe(-1);
}

Deno.test({
  name: "runRecipe: a run that was killed, stopped and resumed ends as one that never was",
  ignore: Deno.build.os === "windows",
  fn: async (context) => {
    const base = await Deno.makeTempDir();
    try {
      const whole = await runHere(recipe, "--runs", `${base}/whole`);
      expect(whole.code).toBe(0);
      const [{ name }] = [...Deno.readDirSync(`${base}/whole`)] as [Deno.DirEntry];
      const expected = await resultOf(`${base}/whole/${name}`);
      expect(expected.steps.map(({ step }) => step))
        .toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
      // 50 = 6 · 8 + 2: the first batch that begins in the second epoch is the eighth.
      expect(expected.steps.findIndex(({ epoch }) => epoch === 1)).toBe(7);

      await context.step("SIGKILL: goes on after the last checkpoint", async () => {
        const killed = await runUntil(`${base}/killed`, 11, "SIGKILL");
        // 128 + 9.
        expect(killed.code).toBe(137);
        const left = (await stepsIn(`${base}/killed`)).length;
        expect(left).toBeLessThan(STEPS);
        // As if the process had also died while it wrote a line, and before it had removed the
        // oldest checkpoint.
        await Deno.writeTextFile(`${killed.folder}/metrics.jsonl`, '{"step":', { append: true });
        await Deno.writeTextFile(`${killed.folder}/checkpoints/step-00000001.safetensors`, "old");
        const { code, text } = await runHere("--resume", killed.folder);
        expect([code, text.includes("error")]).toEqual([0, false]);
        const last = /resumed after step (\d+) of 24/.exec(text)!;
        expect(Number(last[1]) % 3).toBe(0);
        expect(Number(last[1])).toBeGreaterThanOrEqual(9);
        const found = await resultOf(killed.folder);
        expect(found.steps).toEqual(expected.steps);
        expectSameBytes(found.weights, expected.weights);
        expect(checkpoints(killed.folder)).toEqual([
          "step-00000021.safetensors",
          "step-00000024.safetensors",
        ]);
      });

      await context.step("SIGINT: ends with a checkpoint of the step it was at", async () => {
        const stopped = await runUntil(`${base}/stopped`, 4, "SIGINT");
        expect(stopped.code).toBe(130);
        const steps = (await stepsIn(`${base}/stopped`)).length;
        expect(steps).toBeLessThan(STEPS);
        expect(stopped.text).toContain("stopping after this step");
        expect(stopped.text)
          .toContain(`stopped after step ${steps}; --resume ${stopped.folder} goes on from there`);
        expect(checkpoints(stopped.folder).at(-1))
          .toBe(`step-${String(steps).padStart(8, "0")}.safetensors`);
        // With no room for what a way forward leaves: chunks go twice, to the same bits.
        const { code, text } = await runHere("memory=0", "--resume", stopped.folder);
        expect(code).toBe(0);
        expect(text).toContain(`resumed after step ${steps} of 24`);
        const found = await resultOf(stopped.folder);
        expect(found.steps).toEqual(expected.steps);
        expectSameBytes(found.weights, expected.weights);
      });

      await context.step("a run that is done is left as it is", async () => {
        const folder = `${base}/whole/${name}`;
        const { code, text } = await runHere("--resume", folder);
        expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
        const found = await resultOf(folder);
        expect(found.steps).toEqual(expected.steps);
        expectSameBytes(found.weights, expected.weights);
      });

      await context.step("a checkpoint that was cut short is named", async () => {
        const folder = `${base}/whole/${name}`;
        const path = `${folder}/checkpoints/step-00000024.safetensors`;
        await Deno.truncate(path, 100);
        const { code, text } = await runHere("--resume", folder);
        expect(code).toBe(1);
        expect(text).toContain(`error: ${path}: `);
        expect(text).not.toContain("    at ");
      });
    } finally {
      await Deno.remove(base, { recursive: true });
    }
  },
});

Deno.test("runRecipe: a loss that is not finite ends the run with exit code 1, and its checkpoint stays", async () => {
  const base = await Deno.makeTempDir();
  try {
    // The first step moves every parameter by about 1e30.
    const { code, text } = await runHere(
      recipe,
      "optimizer.lr=1e30",
      "checkpointEvery=1",
      "--runs",
      base,
    );
    expect(code).toBe(1);
    const [{ name }] = [...Deno.readDirSync(base)] as [Deno.DirEntry];
    const steps = (await stepsIn(base)).length;
    const last = `${base}/${name}/checkpoints/step-${String(steps).padStart(8, "0")}.safetensors`;
    expect(text).toMatch(
      new RegExp(
        `error: step ${
          steps + 1
        }: (growing|plain): the embedding of the picture of row 0 \\(.*\\) is not finite`,
      ),
    );
    expect(text).toMatch(/Batch: (scenes\/3\/\d+(, )?){8}\. /);
    expect(text).toContain(`Last good checkpoint: ${last}`);
    expect((await Deno.stat(last)).isFile).toBe(true);
    expect(text).not.toContain("    at ");
  } finally {
    await Deno.remove(base, { recursive: true });
  }
});

Deno.test("recipe --resume: goes on from another folder, with the paths that the run began with", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/here`);
    const rows = Array.from({ length: 8 }, (_, i) => `${i % 2}.png,a lamp ${i}\n`);
    await Deno.writeTextFile(`${folder}/here/train.csv`, rows.join(""));
    for (const red of [0, 1]) await writePicture(`${folder}/here/${red}.png`, red);
    const file = (path: string) => JSON.stringify(new URL(path, root).href);
    await Deno.writeTextFile(
      `${folder}/here/mine.ts`,
      `import tinyRun from ${file("tests/fixtures/tiny_run.ts")};
       import { captions } from ${file("plugins/captions/captions.ts")};
       import { defineRecipe } from ${file("core/define_recipe.ts")};
       const data = captions({ path: "train.csv", examples: "captions" });
       export default defineRecipe({ ...tinyRun, data, steps: 2 });`,
    );
    // The working folder is the process's, so each run has one of its own.
    const start = async (cwd: string, ...args: string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-A",
          WITH_LOCK,
          new URL("main.ts", root).href,
          "recipe",
          ...args,
          "--device",
          "cpu",
        ],
        cwd,
      }).output();
      const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      return { code, text };
    };
    const run = async (cwd: string, ...args: string[]) => {
      const { code, text } = await start(cwd, ...args);
      expect({ code, text }).toEqual({ code: 0, text: expect.any(String) });
      return text;
    };
    await run(`${folder}/here`, "./mine.ts");
    const [{ name }] = [...Deno.readDirSync(`${folder}/here/runs`)] as [Deno.DirEntry];
    {
      // Another process is at work in it.
      using _held = await holdRunFolder(`${folder}/here/runs/${name}`);
      const refused = await start(folder, "--resume", `here/runs/${name}`);
      expect(refused.code).toBe(1);
      expect(refused.text).toContain(`here/runs/${name}: expected a folder in which nobody is at`);
    }
    const again = await run(folder, "--resume", `here/runs/${name}`);
    const here = await Deno.realPath(`${folder}/here`);
    expect(again).toContain(`relative paths start from ${here}, where the run began\n`);
    expect(again).toContain(`run folder: ${folder}/here/runs/${name}`);
  }));
