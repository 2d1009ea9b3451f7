import { expect } from "expect";
import { runProgram } from "../../../../plugins/app/cli/run_program.ts";
import { processWorld } from "../../../../plugins/app/cli/world.ts";
import { explainShortage, type ShortRun } from "../../../../plugins/app/runs/memory_shortage.ts";
import { aloneProcess } from "../../../../core/processes/processes.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const recipe = new URL("../../../fixtures/large_step.ts", import.meta.url).pathname;

async function run(...args: string[]): Promise<{ code: number; text: string }> {
  const sink = createSink();
  const world = { ...processWorld(), stdout: sink, stderr: sink, terminal: false };
  const code = await runProgram(["recipe", ...args, "--device", "cpu"], [], world);
  return { code, text: sink.text() };
}

async function losses(folder: string): Promise<number[]> {
  const lines = (await Deno.readTextFile(`${folder}/metrics.jsonl`)).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line).loss);
}

const onlyFolder = (runs: string) => `${runs}/${[...Deno.readDirSync(runs)][0]!.name}`;

Deno.test("explainShortage: a step that memory ends tells what it used, what takes less, and how to go on", () =>
  withFolder(async (base) => {
    Deno.env.set("LARGE_STEP", "1");
    let failed;
    try {
      failed = await run(recipe, "--runs", `${base}/failed`);
    } finally {
      Deno.env.delete("LARGE_STEP");
    }
    expect(failed.code).toBe(1);
    const folder = onlyFolder(`${base}/failed`);
    // ONNX Runtime's own words, and the 2^48 bytes that the step asks for.
    expect(failed.text).toMatch(
      /error: memory: there was none left for the run to go on after step 1: .*requested buffer of size 281474976710656\n/,
    );
    expect(failed.text).toMatch(
      /\n {2}it used batch=8 chunk=6 memory=[\d.]+ precision=float32 on cpu; this process has [\d.]+ [MG]iB, and of the .* that it may use there are .* left\n {2}with the same results: a chunk below 6 takes less, memory=0 up to .* less\n/,
    );
    expect(failed.text).toContain(
      `\n  the checkpoint of step 1 stands: --resume ${folder} chunk=3 memory=0 goes on from there\n` +
        '  a new run takes less with a batch below 8, or where frozen=["image"] or lora() around',
    );
    expect(failed.text).not.toContain("    at ");
    expect(await losses(folder)).toHaveLength(1);
    // It goes on as it says, where the step takes no more than there is, to what it would have come to.
    const resumed = await run("--resume", folder, "chunk=3", "memory=0");
    expect(resumed).toEqual({
      code: 0,
      text: expect.stringContaining("resumed after step 1 of 3"),
    });
    await run(recipe, "--runs", `${base}/whole`);
    const whole = await losses(onlyFolder(`${base}/whole`));
    const found = await losses(folder);
    expect(found).toHaveLength(3);
    found.forEach((loss, step) => expect(Math.abs(loss - whole[step]!)).toBeLessThan(1e-5));
    // Nothing else may change.
    expect((await run("--resume", folder, "chunk=3", "batch=4")).text)
      .toContain("expected the run's own overrides (none), found batch=4");
  }));

Deno.test("explainShortage: by the device, the processes and where the run stands; else as it was", async () => {
  const short: ShortRun = {
    recipe: defineRecipe({ ...tinyRun, batch: 64, chunk: 16 }),
    device: { kind: "webgpu", halfPrecision: true, limits: {} } as ShortRun["device"],
    ...{ model: undefined, threads: 4, steps: 0, folder: undefined },
    processes: { ...aloneProcess, onMachine: 2 },
  };
  const explain = async (message: string, changes: Partial<ShortRun> = {}) =>
    ((await explainShortage(new Error(message), { ...short, ...changes })) as Error).message;
  const lines = (await explain("std::bad_alloc")).split("\n");
  expect(lines[0])
    .toBe(
      "memory: there was none left for the run to go on to the end of its first step: std::bad_alloc",
    );
  expect(lines[1]).toContain(
    "batch=64 chunk=16 memory=0 precision=float32 on webgpu in 2 processes;",
  );
  expect(lines.slice(2)).toEqual([
    "with the same results: a chunk below 16 takes less, fewer processes on this machine",
    'a new run takes less with a batch below 64, precision=float16, or where frozen=["image"] or ' +
    "lora() around the model trains less",
  ]);
  // A run of a script, which has no checkpoint yet.
  const folder = "/nowhere/run";
  expect(await explain("std::bad_alloc", { folder }))
    .toContain("\nthere is no checkpoint yet: resumed with chunk=8 it begins again\n");
  expect(await explain("no such operator")).toBe("no such operator");
});
