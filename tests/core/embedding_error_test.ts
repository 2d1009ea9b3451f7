import { expect } from "expect";
import { EmbeddingError } from "../../core/embedding_error.ts";
import type { Encoder } from "../../core/evaluator.ts";
import { cachedEncoder } from "../../core/host/cache/embedding_cache.ts";
import { openEmbeddingStore } from "../../core/host/cache/embedding_store.ts";
import { openDevice } from "../../core/host/devices/open_device.ts";
import type { Raster } from "../../core/images/raster.ts";
import type { HostTensor } from "../../core/model.ts";
import { embedTexts } from "../../core/scoring/embed_texts.ts";
import { retrievalRanks, retrievalRecall } from "../../core/scoring/retrieval.ts";
import { classRanks, classWeights, zeroShotScores } from "../../core/scoring/zero_shot.ts";
import { uploadParameters } from "../../core/towers/device_parameters.ts";
import { createEncoder } from "../../core/towers/encoder.ts";
import { fitLogisticRegression } from "../../plugins/benchmarks/classification/logistic_regression.ts";
import { nearestNeighbours } from "../../plugins/negclip/nearest_neighbours.ts";
import { scenesCompositional } from "../../plugins/scenes/compositional.ts";
import { scenesRetrieval } from "../../plugins/scenes/retrieval.ts";
import { selectionEvaluation } from "../../plugins/scenes/selection_evaluation.ts";
import { scenesZeroShot } from "../../plugins/scenes/zero_shot.ts";
import { miniClip } from "../helpers/small_clip.ts";
import { withFolder } from "../helpers/with_folder.ts";

const context = {} as Parameters<ReturnType<typeof scenesRetrieval>["evaluate"]>[1];
const f = (...values: number[]) => Float32Array.from(values);
const good = f(1, 0, 0, 1, 0.6, 0.8);
const foil = { caption: "a", caption2: "b", negative: "c" };
const foils = { category: "swap_att", seed: 1, foils: [foil, foil, foil] };
/** The third row is none. */
const broken = [f(1, 0, 0, 1, NaN, 0.8), f(1, 0, 0, 1, 0.6, -Infinity), f(1, 0, 0, 1, 0, -0)];
const raster: Raster = { width: 8, height: 8, data: new Uint8Array(192).fill(90) };

/** miniClip with other values in some parameters. */
function clipWith(changes: Readonly<Record<string, (values: Float32Array) => Float32Array>>) {
  const model = miniClip(1);
  return {
    ...model,
    read: async () => {
      const values = new Map<string, HostTensor>(await model.read());
      for (const [name, change] of Object.entries(changes)) {
        const { shape, data } = values.get(name)!;
        values.set(name, { shape, data: change(data) });
      }
      return values;
    },
  };
}

Deno.test("checkEmbeddings: every scorer refuses rows without a direction, on either side", async () => {
  const device = await openDevice("cpu");
  for (const rows of broken) {
    const fault = rows[4] === 0 ? "has length 0" : "holds";
    const pairs = { images: good, texts: good, imageOfText: [0, 1, 2] };
    const items = { images: good, captions: good, captions2: good, negatives: good };
    const scorers: Record<string, () => unknown> = {
      ranksOfImages: () => retrievalRanks({ ...pairs, images: rows }, 2),
      ranksOfTexts: () => retrievalRanks({ ...pairs, texts: rows }, 2),
      recall: () => retrievalRecall({ ...pairs, images: rows }, 2),
      weights: () => classWeights(rows, 2, 1),
      classes: () => classRanks(good, rows, [0, 1, 2], 2),
      classified: () => classRanks(rows, good, [0, 1, 2], 2),
      zeroShot: () => zeroShotScores(rows, good, [0, 1, 2], 2),
      selectionOfImages: () => selectionEvaluation(foils, { ...items, images: rows }, 2),
      selectionOfCaptions: () => selectionEvaluation(foils, { ...items, captions: rows }, 2),
      selectionOfOthers: () => selectionEvaluation(foils, { ...items, captions2: rows }, 2),
      selectionOfNegatives: () => selectionEvaluation(foils, { ...items, negatives: rows }, 2),
      probe: () =>
        fitLogisticRegression(rows, [0, 1, 0], { dim: 2, classes: 2, c: 1, maxIterations: 10 }),
    };
    for (const score of Object.values(scorers)) {
      expect(score).toThrow(EmbeddingError);
      expect(score).toThrow(/^\w+: the embedding of row 2 (holds|has length 0)/);
      expect(score).toThrow(fault);
    }
    await expect(nearestNeighbours(rows, { device, dim: 2, neighbours: 1 })).rejects.toThrow(
      `rows: the embedding of row 2 ${fault}`,
    );
  }
  await device.dispose();
});

Deno.test("classWeights: prompts that cancel out leave no class", () => {
  expect(() => classWeights(f(1, 0, 0, 1, 0, 1, 0, -1), 2, 2)).toThrow(
    "prompts: the embedding of class 1, the mean of its prompts, has length 0",
  );
});

Deno.test("createEncoder: a projection of zeros is told by tower and item, and nothing is scored", async () => {
  const device = await openDevice("cpu");
  for (const [name, tower] of [["visual.proj", "image"], ["text_projection", "text"]] as const) {
    const model = clipWith({ [name]: (values) => values.map(() => 0) });
    const parameters = await uploadParameters(device, model);
    const encoder = createEncoder({ device, model, parameters, chunk: 2 });
    const picture = () => Promise.resolve(raster);
    const items = { items: 8, seed: 1, size: 16 };
    if (tower === "image") {
      await expect(encoder.images(3, picture)).rejects.toThrow(
        "image tower: the embedding of picture 0 has length 0, expected a direction",
      );
      expect((await encoder.texts(["12"])).length).toBe(16);
    } else {
      await expect(encoder.texts(["12", "3"])).rejects.toThrow(
        'text tower: the embedding of "12" has length 0, expected a direction',
      );
      expect((await encoder.images(3, picture)).length).toBe(48);
    }
    for (const create of [scenesRetrieval, scenesZeroShot, scenesCompositional]) {
      await expect(create(items).evaluate(encoder, context)).rejects.toThrow(EmbeddingError);
    }
    for (const tensor of parameters.values()) tensor.dispose();
  }
  await device.dispose();
});

Deno.test("createEncoder: one picture whose pixels overflow is named by its place", async () => {
  const device = await openDevice("cpu");
  // The first layer's weights are so large that white overflows and black does not.
  const large = clipWith({ "visual.conv1.weight": (values) => values.map(() => 3e37) });
  const model = {
    ...large,
    preprocessing: {
      ...large.preprocessing,
      mean: [0, 0, 0] as const,
      deviation: [1, 1, 1] as const,
    },
  };
  const parameters = await uploadParameters(device, model);
  const encoder = createEncoder({ device, model, parameters, chunk: 2 });
  const grey = (value: number): Raster => ({ ...raster, data: new Uint8Array(192).fill(value) });
  const picture = (index: number) => Promise.resolve(grey(index === 3 ? 255 : 0));
  await expect(encoder.images(5, picture)).rejects.toThrow(
    "image tower: the embedding of picture 3 holds NaN, expected finite values",
  );
  expect((await encoder.images(3, picture)).every(Number.isFinite)).toBe(true);
  // Through the cache, which asks for the missing ones alone, by the caller's count all the same.
  await withFolder(async (folder) => {
    const keys = { image: "0".repeat(64), text: "1".repeat(64) };
    const cached = cachedEncoder(encoder, { folder, keys });
    const key = (index: number) => Promise.resolve(`picture ${index}`);
    await cached.images(3, picture, key);
    for (const name of [key, undefined]) {
      await expect(cached.images(5, picture, name)).rejects.toThrow("the embedding of picture 3");
    }
  });
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});

Deno.test("uploadParameters: weights that are not finite are refused by name", async () => {
  const device = await openDevice("cpu");
  for (const wrong of [NaN, Infinity]) {
    const model = clipWith({ "visual.proj": (values) => values.with(7, wrong) });
    await expect(uploadParameters(device, model)).rejects.toThrow(
      new RangeError(`small: parameter "visual.proj" holds ${wrong}, expected finite values`),
    );
  }
  await device.dispose();
});

/** Another encoder than ours, which gives these rows whatever it is asked. */
const foreign = (rows: Float32Array): Encoder => ({
  dim: 2,
  images: () => Promise.resolve(rows),
  texts: () => Promise.resolve(rows),
});

Deno.test("embedTexts, cachedEncoder: rows of any encoder are checked, and none of them is kept", () =>
  withFolder(async (folder) => {
    const lines = ["a", "b", "c"];
    const keys = { image: "0".repeat(64), text: "1".repeat(64) };
    for (const rows of broken) {
      await expect(embedTexts(foreign(rows), lines)).rejects.toThrow(
        /^texts: the embedding of "c" (holds|has length 0)/,
      );
      const cached = cachedEncoder(foreign(rows), { folder, keys });
      await expect(cached.texts(lines)).rejects.toThrow(/^encoder: the embedding of "c" /);
      await expect(cached.images(3, () => Promise.resolve(raster), (i) => Promise.resolve(`${i}`)))
        .rejects.toThrow(/^encoder: the embedding of picture 2 /);
    }
    const cached = cachedEncoder(foreign(good), { folder, keys });
    expect(await cached.texts(lines)).toEqual(good);
    expect(cached.counts).toEqual({ reused: 0, computed: 3 });
  }));

Deno.test("openEmbeddingStore: a row that an older version kept without a direction is passed over", () =>
  withFolder(async (folder) => {
    const path = `${folder}/rows.embeddings`;
    const store = await openEmbeddingStore(path, 2, 2 ** 20);
    const keys = ["aa", "bb", "cc", "dd"].map((byte) => byte.repeat(32));
    const rows = [f(1, 0), f(NaN, 0), f(0, 0), f(0, 1)];
    await store.append(keys.map((key, i) => ({ key, row: rows[i]! })));
    const again = await openEmbeddingStore(path, 2, 2 ** 20);
    expect(keys.map((key) => again.has(key))).toEqual([true, false, false, true]);
    const found = new Float32Array(4);
    again.read([keys[0]!, keys[3]!], found, [0, 1]);
    expect([...found]).toEqual([1, 0, 0, 1]);
    // What is embedded again stands in for it.
    await again.append([{ key: keys[1]!, row: f(0.6, 0.8) }]);
    const last = await openEmbeddingStore(path, 2, 2 ** 20);
    last.read([keys[1]!], found, [0]);
    expect([...found.subarray(0, 2)]).toEqual([Math.fround(0.6), Math.fround(0.8)]);
  }));
