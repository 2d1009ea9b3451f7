import { expect } from "expect";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import type { DualEncoder } from "../../../../core/model.ts";
import { MemoryShortage } from "../../../../plugins/app/runs/memory_shortage.ts";
import { checkMemory, readMemory, watchMemory } from "../../../../plugins/app/runs/memory_watch.ts";
import { dryRun } from "../../../../plugins/app/runs/dry_run.ts";
import { runRecipe } from "../../../../plugins/app/runs/run.ts";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import type { RunEstimate } from "../../../../plugins/app/runs/run_options.ts";
import { createProgress } from "../../../../plugins/app/terminal/progress.ts";
import tinyRun from "../../../fixtures/tiny_run.ts";
import { createSink } from "../../../helpers/text_sink.ts";
import { withFolder } from "../../../helpers/with_folder.ts";

const GIB = 2 ** 30;

/** Of 100 values in the image tower and 50 in the text tower. */
const small = {
  dim: 16,
  text: { width: 32 },
  parameters: [
    { name: "image", part: "image", shape: [10, 10] },
    { name: "text", part: "text", shape: [50] },
  ],
} as unknown as DualEncoder;

Deno.test("checkMemory: weights, gradients, moments and averages, by hand", () => {
  const check = (memoryBytes: number, changes = {}) =>
    checkMemory({ ...tinyRun, ...changes }, small, { limits: { memoryBytes } });
  // 150 weights; of 50 that are trained a gradient and AdamW's two moments.
  const frozen = ["image"];
  const bytes = 4 * (150 + 3 * 50);
  check(bytes, { frozen });
  expect(() => check(bytes - 1, { frozen })).toThrow(MemoryShortage);
  const all = 4 * (150 + 3 * 150);
  check(all, { frozen: [] });
  expect(() => check(all - 1, { frozen: [] })).toThrow(MemoryShortage);
  // An average is one more.
  expect(() => check(all, { frozen: [], average: { decay: 0.9 } })).toThrow(MemoryShortage);
  // Nothing is known of a graphics adapter's.
  checkMemory({ ...tinyRun, frozen: [] }, small, { limits: {} });
  const large = { ...small, parameters: [{ name: "text", part: "text", shape: [2 ** 30] }] };
  expect(() =>
    checkMemory({ ...tinyRun, frozen: [] }, large as unknown as DualEncoder, {
      limits: { memoryBytes: 8 * GIB },
    })
  ).toThrow(
    'memory: weights, gradients and what the optimiser keeps take 16.0 GiB, found 8.0 GiB; frozen=["image"] ' +
      "or lora() around the model trains less",
  );
});

Deno.test("watchMemory: tells a part that does not fit, and settings that take less", () => {
  let used = 5 * GIB;
  const watch = (memory: number | null) =>
    watchMemory({ chunk: 64, memory }, { limits: { memoryBytes: 16 * GIB } }, () => ({
      used,
      available: 16 * GIB - used,
      total: 16 * GIB,
    }));
  // A 32nd is left to others: of 11 GiB free half a one.
  const kept = watch(null);
  kept.before(10.5 * GIB);
  expect(() => kept.before(10.5 * GIB + 1)).toThrow(
    "memory: the run has 5.0 GiB of 16.0 GiB and its next part takes 10.5 GiB more, found 11.0 GiB " +
      "free; a chunk below 64 takes less, memory=0 up to 2.0 GiB less",
  );
  const none = watch(0);
  used = 15 * GIB;
  none.before(0);
  used = 14 * GIB;
  none.before(1.5 * GIB);
  none.after(0);
  // The most that was to be.
  expect(none.peak()).toBe(15.5 * GIB);
  used = 15.9 * GIB;
  expect(() => none.after(0)).toThrow(/a chunk below 64 takes less$/);
});

Deno.test("watchMemory: pictures that the run will keep count as well, and are named", () => {
  const read = () => ({ used: 5 * GIB, available: 11 * GIB, total: 16 * GIB });
  const watch = watchMemory({ chunk: 1, memory: 0 }, { limits: {} }, read, GIB / 2);
  watch.before(10 * GIB);
  expect(watch.peak()).toBe(15.5 * GIB);
  expect(() => watch.before(10 * GIB + 1)).toThrow(
    "memory: the run has 5.0 GiB of 16.0 GiB and its next part with 512 MiB of pictures that are kept " +
      "takes 10.5 GiB more, found 11.0 GiB free",
  );
});

Deno.test("dryRun: counts the pictures that the run keeps where they come again", () =>
  withFolder(async (folder) => {
    const assets = createAssets({ cache: `${folder}/cache`, offline: true });
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const context = { assets, images: createPicturePool({ workers: 0 }), log: () => {} };
    const memory = () => ({ used: GIB, available: 3 * GIB, total: 4 * GIB });
    const options = { runs: folder, device: "cpu" as const, lookedFor: assets, context, progress };
    const bytes = async (epochs: number) => {
      const recipe = defineRecipe({ ...tinyRun, evaluators: [], epochs });
      const { estimate } = await dryRun(recipe, { ...options, memory });
      return (estimate as RunEstimate).memoryBytes;
    };
    // Fifty pictures of 16 by 16, for each of two objectives, from the second epoch on.
    expect(await bytes(4) - await bytes(1)).toBe(2 * 50 * 3 * 16 ** 2);
  }));

Deno.test("readMemory: this process is part of what the machine has", () => {
  const { used, available, total } = readMemory();
  expect(used).toBeGreaterThan(2 ** 20);
  expect(total).toBeGreaterThan(used);
  expect(total).toBeGreaterThanOrEqual(available);
});

Deno.test("dryRun: memory that does not suffice is told, and the machine stays up", () =>
  withFolder(async (folder) => {
    const assets = createAssets({ cache: `${folder}/cache`, offline: true });
    const progress = createProgress(createSink(), { terminal: false, width: () => 80 });
    const context = { assets, images: createPicturePool({ workers: 0 }), log: () => {} };
    const options = { runs: folder, device: "cpu" as const, lookedFor: assets, context, progress };
    const recipe = defineRecipe({ ...tinyRun, evaluators: [] });
    const memory = () => ({ used: GIB, available: 2 ** 20, total: 4 * GIB });
    const { needs, estimate } = await dryRun(recipe, { ...options, memory });
    expect(needs.at(-1)).toMatchObject({ what: "memory", ready: false });
    expect(needs.at(-1)!.state).toMatch(
      /^memory: the run has 1\.0 GiB of 4\.0 GiB and its next part/,
    );
    expect(estimate).toBe("the memory does not suffice");
    // Where there is enough: what is used, and at the end all values once more, to be written.
    const enough = () => ({ used: GIB, available: 3 * GIB, total: 4 * GIB });
    const { parameters, memoryBytes } = (await dryRun(recipe, { ...options, memory: enough }))
      .estimate as RunEstimate;
    expect(memoryBytes).toBeGreaterThanOrEqual(
      GIB + 4 * (parameters.trained + parameters.frozen),
    );
    // A run is not begun where its weights alone are more than there is.
    const parameter = { name: "more", part: "text" as const, shape: [2 ** 31, 64] };
    const load = async (...given: Parameters<typeof recipe.model.load>) => {
      const model = await recipe.model.load(...given);
      return { ...model, parameters: [...model.parameters, parameter] };
    };
    const huge = { ...recipe, model: { ...recipe.model, load } };
    await expect(runRecipe(huge, options)).rejects.toThrow(/^memory: weights, gradients and/);
    expect((await dryRun(huge, options)).needs.at(-1)).toMatchObject({ what: "memory" });
  }));
