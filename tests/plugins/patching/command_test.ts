import { expect } from "expect";
import { runProgram } from "../../../plugins/app/cli/run_program.ts";
import { plugins } from "../../../plugins/index.ts";
import { processWorld } from "../../../plugins/app/cli/world.ts";
import { openCheckpoint } from "../../../core/host/storage/checkpoint.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const cache = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(cache, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [createSink(), createSink()];
  const embeddings = () => cache;
  const world = { ...processWorld(), stdout, stderr, terminal: false, embeddings };
  const recipes = {
    "tiny-run": { description: "", load: () => import("../../fixtures/tiny_run.ts") },
  };
  const code = await runProgram(["patch", ...args], [...plugins, { name: "test", recipes }], world);
  return { code, out: stdout.text(), err: stderr.text() };
}

Deno.test("patch: writes the model between two checkpoints", async () => {
  await withFolder(async (folder) => {
    for (const [name, value] of [["before", 1], ["after", 2]] as const) {
      const data = Float32Array.of(value);
      await Deno.mkdir(`${folder}/${name}`);
      await writeSafetensors(`${folder}/${name}/model.safetensors`, [
        { name: "logit_scale", dtype: "F32", shape: [], data },
      ]);
    }
    const out = `${folder}/out`;
    const path = `${out}/model.safetensors`;
    expect(await run(`${folder}/before`, `${folder}/after`, "--alpha", "0.75", "--out", out))
      .toEqual({ code: 0, out: `${path}: 1 tensors, α = 0.75\n`, err: "" });
    expect((await (await openCheckpoint(path)).readFloat32("logit_scale"))[0]).toBe(1.75);
    const card = await Deno.readTextFile(`${out}/README.md`);
    expect(card).toContain(`| Pretrained weights | ${folder}/before |\n`);
    expect(card).toContain(`| Their fine-tune | ${folder}/after |\n`);
    expect(card).toMatch(/α = 0\.75 \|\n/);
    expect(card).toContain("## Limits");
    expect(card).toContain("@inproceedings{ilharco2022patching,");
    // A card that somebody wrote is theirs.
    await Deno.writeTextFile(`${out}/README.md`, "mine");
    await run(`${folder}/before`, `${folder}/after`, "--alpha", "0.5", "--out", out);
    expect(await Deno.readTextFile(`${out}/README.md`)).toBe("mine");
    const missing = await run(`${folder}/before`, `${folder}/x`, "--alpha", "0.5", "--out", out);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain(`error: ${folder}/x: expected weights`);
  });
});

Deno.test("patch: keeps the pretrained precision unless float32 is asked for", async () => {
  await withFolder(async (folder) => {
    const [before, after] = [`${folder}/before.safetensors`, `${folder}/after.safetensors`];
    const data = Uint16Array.of(0x3c00, 0x3c00);
    await writeSafetensors(before, [{ name: "w", dtype: "F16", shape: [2], data }]);
    // 0x3c00 is 1, whose neighbour is 1 + 2⁻¹⁰: one change is lost, one is not.
    const trained = Float32Array.of(1 + 2 ** -12, 1 + 2 ** -10);
    await writeSafetensors(after, [{ name: "w", dtype: "F32", shape: [2], data: trained }]);
    const patch = async (...more: string[]) => {
      const { code, err } = await run(
        before,
        after,
        "--alpha",
        "1",
        "--out",
        `${folder}/o`,
        ...more,
      );
      const file = await openCheckpoint(`${folder}/o/after.safetensors`);
      return { code, err, ...file.info("w"), values: [...await file.readFloat32("w")] };
    };
    const half = await patch();
    expect([half.code, half.dtype, half.values]).toEqual([0, "F16", [1, 1 + 2 ** -10]]);
    expect(half.err).toBe(
      "50 % of the values that fine-tuning had changed are those of the pretrained weights again, " +
        "rounded to their half precision; the dtype float32 keeps all changes\n",
    );
    const single = await patch("--dtype", "float32");
    expect([single.dtype, single.values, single.err]).toEqual(["F32", [...trained], ""]);
    expect((await run(before, after, "--alpha", "1", "--out", folder, "--dtype", "F16")).code).toBe(
      2,
    );
  });
});

Deno.test("patch: arguments that are not understood give exit code 2", async () => {
  const faulty = async (...args: string[]) => {
    const { code, err } = await run("a", "b", "--out", "c", ...args);
    expect(code).toBe(2);
    return err;
  };
  expect(await faulty()).toContain("expected --alpha or --sweep, found neither");
  for (const alpha of ["", "x", "1.5", "-1"]) {
    expect(await faulty(`--alpha=${alpha}`)).toContain("Expected a number from 0 to 1.");
  }
  expect(await faulty("--sweep", "0:1")).toContain("expected start:end:step");
  expect(await faulty("--sweep", "0:1:0.5")).toContain("--sweep needs --recipe");
  expect(await faulty("--sweep", "0:1:0.5", "--alpha", "1")).toContain("cannot be used with");
  expect(await faulty("--alpha", "1", "--recipe", "r")).toContain("only a sweep has use for r");
  expect(await faulty("batch=3", "--alpha", "1")).toContain("only a sweep has use for batch=3");
  expect((await run("a", "b", "--alpha", "1")).err).toContain("--out");
});

Deno.test("patch: sweeps with a recipe's model and other evaluators, and goes on where it was", async () => {
  await withFolder(async (folder) => {
    // A fine-tune that has forgotten its image tower's projection: every picture is alike to it.
    const shipped =
      new URL("../../../plugins/scenes/tiny_clip.safetensors", import.meta.url).pathname;
    const file = await openCheckpoint(shipped);
    await Deno.mkdir(`${folder}/after`);
    await writeSafetensors(
      `${folder}/after/open_clip_model.safetensors`,
      file.names.map((name) => ({
        name,
        ...file.info(name),
        data: async () => {
          const data = await file.readFloat32(name);
          return name === "visual.proj" ? data.fill(1) : data;
        },
      })),
    );
    const plugin = new URL("../../../plugins/scenes/mod.ts", import.meta.url).href;
    await Deno.writeTextFile(
      `${folder}/evaluators.ts`,
      `import { scenesZeroShot } from ${JSON.stringify(plugin)};
      export default [scenesZeroShot({ items: 20, seed: 5 })];`,
    );
    const sweep = (...more: string[]) =>
      run(
        ...["shipped", `${folder}/after`, "--recipe", "clic-tiny", "--device", "cpu"],
        ...["--evaluators", `${folder}/evaluators.ts`, "--out", `${folder}/sweep`, ...more],
      );
    const ends = await sweep("--sweep", "0:1:1");
    expect([ends.code, ends.err.match(/evaluating at α = .*(?=: )/g)])
      .toEqual([0, ["evaluating at α = 0 (1 of 2)", "evaluating at α = 1 (2 of 2)"]]);
    const { points } = JSON.parse(await Deno.readTextFile(`${folder}/sweep/sweep.json`));
    const scores = points.map((point: { evaluations: { metrics: { acc1: number } }[] }) =>
      point.evaluations[0]!.metrics.acc1
    );
    expect(scores[0]).toBeGreaterThan(0.8);
    // All pictures alike: one answer for all, right for about one in 64.
    expect(scores[1]).toBeLessThan(0.3);
    expect(ends.out.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(4);
    const more = await sweep("--sweep", "0:1:0.5");
    expect([more.code, more.err.match(/evaluating at α = .*(?=: )/g)])
      .toEqual([0, ["evaluating at α = 0.5 (1 of 1)"]]);
    expect(more.out.split("\n").filter((line) => line.startsWith("|"))).toHaveLength(5);
    const other = await sweep("--sweep", "0:1:1", "evaluators.scenesZeroShot.items=10");
    expect(other.code).toBe(1);
    expect(other.err).toContain("expected scores of these weights and benchmarks");
  });
});

Deno.test("patch: a sweep names what its recipe lacks", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/none.ts`, "export const x = 1;");
    const sweep = async (recipe: string, ...more: string[]) => {
      const ask = ["--sweep", "0:1:1", "--out", folder, "--recipe", recipe, "--device", "cpu"];
      const { code, err } = await run("a", "b", ...ask, ...more);
      expect(code).toBe(1);
      return err;
    };
    expect(await sweep("tiny-run")).toContain("tiny-run: expected evaluators to score with");
    expect(await sweep("clic-tiny", "--evaluators", `${folder}/none.ts`))
      .toContain("expected evaluators to score with, found none");
    expect(await sweep("clic-tiny", "--evaluators", "none"))
      .toContain("none: expected the path of a module");
    expect(await sweep("clic-tini")).toContain('did you mean "clic-tiny"?');
  });
});
