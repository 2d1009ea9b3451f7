import { checkAlpha } from "../../../plugins/patching/check_alpha.ts";
import { expect } from "expect";
import { defineRecipe } from "../../../core/define_recipe.ts";
import type { DualEncoder, HostTensor, ModelSource } from "../../../core/model.ts";
import type { Weights } from "../../../core/transformation.ts";
import { interpolateCheckpoints } from "../../../plugins/patching/interpolate_checkpoints.ts";
import { parseAlphas } from "../../../plugins/patching/commands/alphas.ts";
import { patch } from "../../../plugins/patching/patch.ts";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { bfloat16ToFloat32, float32ToBfloat16 } from "../../../core/host/storage/half_precision.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import type { TensorFile } from "../../../core/host/storage/tensor_file.ts";
import { createProgress } from "../../../plugins/app/terminal/progress.ts";
import { runRecipe } from "../../../plugins/app/runs/run.ts";
import tinyRun from "../../fixtures/tiny_run.ts";
import { miniClip } from "../../helpers/small_clip.ts";
import { createSink } from "../../helpers/text_sink.ts";
import { withFolder } from "../../helpers/with_folder.ts";

Deno.test("patch: interpolates every parameter, the logit scale too", async () => {
  const model = miniClip(1);
  const [before, after] = [await model.read(), await miniClip(2).read()];
  const patched = await patch({ alpha: 0.6 }).apply({ before, after, model, log: () => {} });
  expect([...patched.keys()]).toEqual(model.parameters.map(({ name }) => name));
  expect(patched.has(model.logitScale)).toBe(true);
  for (const [name, { shape, data }] of patched) {
    expect(shape).toEqual(before.get(name)!.shape);
    const [a, b] = [before.get(name)!.data, after.get(name)!.data];
    const wrong = data.findIndex((value, i) => {
      // Within one rounding to float32, a relative 2⁻²⁴ of the larger side.
      const bound = 2 ** -24 * Math.max(Math.abs(a[i]!), Math.abs(b[i]!));
      return !(Math.abs(value - (0.4 * a[i]! + 0.6 * b[i]!)) <= bound);
    });
    expect([name, wrong]).toEqual([name, -1]);
  }
});

Deno.test("patch: leaves both sides as they were", async () => {
  const tensor = (value: number): Weights =>
    new Map([["w", { shape: [1], data: Float32Array.of(value) }]]);
  const [before, after] = [tensor(1), tensor(3)];
  const context = { model: miniClip(1), log: () => {} };
  const patched = await patch({ alpha: 0.5 }).apply({ before, after, ...context });
  expect(patched).toEqual(tensor(2));
  expect([before, after]).toEqual([tensor(1), tensor(3)]);
  const other = new Map([...after, ["x", { shape: [], data: Float32Array.of(0) }]]);
  await expect(patch({ alpha: 0.5 }).apply({ before, after: other, ...context })).rejects
    .toThrow(
      new TypeError(
        "the pretrained weights and the fine-tuned weights: expected weights of one architecture, " +
          "found tensors\nonly in the fine-tuned weights: x",
      ),
    );
  const wide = new Map([["w", { shape: [2], data: Float32Array.of(3, 3) }]]);
  await expect(patch({ alpha: 0.5 }).apply({ before, after: wide, ...context })).rejects
    .toThrow("of another type or shape: w (F32 [1] and F32 [2])");
});

Deno.test("patch: has the half precision of the pretrained weights, and tells what that costs", async () => {
  // Above 1 float16 has steps of 2⁻¹⁰, bfloat16 of 2⁻⁷. Half of one step is a tie, and goes back to
  // 1, whose last bit is even; half of two is a step. "w" is float32, which has room for all.
  for (const [dtype, step] of [["F16", 2 ** -10], ["BF16", 2 ** -7]] as const) {
    const ones = { shape: [4], data: new Float32Array(4).fill(1) };
    const before: Weights = new Map(Object.entries({ half: { ...ones, dtype }, w: ones }));
    const moved = { shape: [4], data: Float32Array.of(1 + step, 1 + 2 * step, 1 + step, 1) };
    const after: Weights = new Map([["half", moved], ["w", moved]]);
    const log: string[] = [];
    const context = { before, after, model: miniClip(1), log: (line: string) => log.push(line) };
    const exact = { shape: [4], data: Float32Array.of(1 + step / 2, 1 + step, 1 + step / 2, 1) };
    const rounded = { shape: [4], dtype, data: Float32Array.of(1, 1 + step, 1, 1) };
    expect(await patch({ alpha: 0.5 }).apply(context))
      .toEqual(new Map([["half", rounded], ["w", exact]]));
    // Two of the three that were changed.
    expect(log).toEqual([
      "patch-0.5: 67 % of the values that fine-tuning had changed are those of the pretrained " +
      "weights again, rounded to their half precision; the dtype float32 keeps all changes",
    ]);
    expect(await patch({ alpha: 0.5, dtype: "float32" }).apply(context))
      .toEqual(new Map([["half", exact], ["w", exact]]));
    expect(log).toHaveLength(1);
  }
});

/** The tiny run's model with its values in a half precision, as a checkpoint would give them. */
async function halfModel(
  dtype: "F16" | "BF16",
): Promise<{ readonly model: DualEncoder; readonly source: ModelSource }> {
  const model = await tinyRun.model.generate(7);
  const round = (data: Float32Array) =>
    dtype === "F16" ? data.map(Math.f16round) : bfloat16ToFloat32(float32ToBfloat16(data));
  const values = new Map([...await model.read()].map(([name, { shape, data }]) => [
    name,
    { shape, data: round(data), dtype } satisfies HostTensor,
  ]));
  const half = { ...model, read: () => Promise.resolve(values) };
  return { model: half, source: { ...tinyRun.model, load: () => Promise.resolve(half) } };
}

Deno.test("patch: a run leaves what it trained in float32 and what it patched in the base's precision", async () => {
  await withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    const context = { assets, images, log: () => {} };
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const typesOf = (file: TensorFile) => [...new Set(file.names.map((n) => file.info(n).dtype))];
    for (const dtype of ["F16", "BF16"] as const) {
      const { model, source } = await halfModel(dtype);
      const after = [patch({ alpha: 0.6 })];
      const recipe = defineRecipe({ ...tinyRun, model: source, steps: 2, evaluators: [], after });
      const runs = `${folder}/${dtype}`;
      const run = await runRecipe(recipe, { device: "cpu", runs, context, progress });
      const file = (name: string) => `${run.folder}/${name}/open_clip_model.safetensors`;
      const trained = await openSafetensors(file("model-trained"));
      expect(typesOf(trained)).toEqual(["F32"]);
      expect(typesOf(await openSafetensors(file("model")))).toEqual([dtype]);
      // Training has not been rounded: most values lie between those of the half precision.
      const values = await trained.readFloat32("text_projection");
      expect(values.filter((value) => value !== Math.f16round(value)).length)
        .toBeGreaterThan(values.length / 2);

      // On files, from the checkpoint that training began with, the same bytes.
      await model.write(`${runs}/base`, await model.read());
      const base = `${runs}/base/open_clip_model.safetensors`;
      expect(typesOf(await openSafetensors(base))).toEqual([dtype]);
      const out = `${runs}/patched`;
      const { path } = await interpolateCheckpoints(base, trained.path, 0.6, out, assets);
      expect((await Deno.readFile(path)).toHex()).toBe(
        (await Deno.readFile(file("model"))).toHex(),
      );
    }
  });
});

Deno.test("patch: names its stage, and checks its option", () => {
  expect(patch({ alpha: 0.6 })).toMatchObject({
    name: "patch",
    options: { alpha: 0.6, dtype: "pretrained" },
  });
  expect(patch({ alpha: 0.6 }).stage).toBe("patch-0.6");
  expect(patch({ alpha: 0.6 }).with({ alpha: 1 }).stage).toBe("patch-1");
  for (const alpha of [-0.1, 1.1, NaN]) expect(() => patch({ alpha })).toThrow("patch.alpha: ");
  expect(() => patch({ alpha: 0.5 }).with({ dtype: "float16" })).toThrow("patch.dtype: ");
  expect(() => patch({ alpha: 0.5 }).with({ alhpa: 1 })).toThrow('did you mean "alpha"?');
});

Deno.test("parseAlphas: both ends, as they are written", () => {
  expect(parseAlphas("0:1:0.05")).toEqual([
    ...[0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5],
    ...[0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1],
  ]);
  // The next would be 1.1.
  expect(parseAlphas("0.2:0.85:0.3")).toEqual([0.2, 0.5, 0.8]);
  expect(parseAlphas("0.6:0.6:1")).toEqual([0.6]);
});

Deno.test("parseAlphas: refuses what is no sweep", () => {
  for (const text of ["", "0.6", "0:1", "0:1:", "a:1:0.1", "0:1:0.1:0", "-1:1:0.1", "0:1:1e-3"]) {
    expect(() => parseAlphas(text)).toThrow(`such as 0:1:0.05, found "${text}"`);
  }
  expect(() => parseAlphas("0:2:0.5")).toThrow("sweep: expected a number from 0 to 1, found 2");
  expect(() => parseAlphas("1:0:0.1")).toThrow('up to the end and a step over 0, found "1:0:0.1"');
  expect(() => parseAlphas("0:1:0")).toThrow('a step over 0, found "0:1:0"');
});

Deno.test("checkAlpha: refuses what is no weight", () => {
  for (const alpha of [0, 0.5, 1]) checkAlpha("alpha", alpha);
  for (const alpha of [-1e-9, 1.001, NaN, Infinity]) {
    expect(() => checkAlpha("alpha", alpha))
      .toThrow(new RangeError(`alpha: expected a number from 0 to 1, found ${alpha}`));
  }
});
