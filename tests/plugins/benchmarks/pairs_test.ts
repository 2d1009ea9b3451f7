/**
 * Benchmarks of two pictures and two texts, in their published forms. Picture `n` is the axis `n` and a
 * text ends in its vector, so that a text's score with picture `n` is its value `n`.
 *
 * @module
 */
import { join } from "node:path";
import { expect } from "expect";
import type { Benchmark } from "../../../core/benchmark.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { bivlc } from "../../../plugins/benchmarks/suites/bivlc.ts";
import { cocoCounterfactuals } from "../../../plugins/benchmarks/suites/coco_counterfactuals.ts";
import { colorSwap } from "../../../plugins/benchmarks/suites/color_swap.ts";
import { mmvpVlm } from "../../../plugins/benchmarks/suites/mmvp_vlm.ts";
import { naturalBench } from "../../../plugins/benchmarks/suites/natural_bench.ts";
import { vismin } from "../../../plugins/benchmarks/suites/vismin.ts";
import { benchmarkContext, writePicture, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const golden = new URL("../../golden/benchmarks/", import.meta.url).pathname;

async function scoresOf(benchmark: Benchmark): Promise<ReadonlyMap<string, Evaluation>> {
  const found = await benchmark.evaluate(writtenEncoder(3), benchmarkContext());
  return new Map(found.map((each) => [each.dataset, each]));
}

/** The texts of three items with pictures 0 and 1: all right, a tie of picture 0, a tie of text 0. */
const TEXTS = [
  // i0t0 .8, i0t1 .5, i1t0 .2, i1t1 .6.
  ["a @0.8,0.2", "b @0.5,0.6"],
  // i0t0 .5 = i0t1 .5: the pictures' choices are wrong; .5 > .2 and .6 > .5: the texts' are right.
  ["c @0.5,0.2", "d @0.5,0.6"],
  // i0t0 .5 = i1t0 .5: the other way round (.5 > .2 and .6 > .5).
  ["e @0.5,0.5", "f @0.2,0.6"],
] as const;

/** What these three come to, and what chance would give. */
const THREE = {
  items: 3,
  metrics: { text_acc: 2 / 3, image_acc: 2 / 3, acc: 1 / 3 },
  chance: { text_acc: 1 / 4, image_acc: 1 / 4, acc: expect.closeTo(1 / 6, 12) },
};

Deno.test("bivlc: the Parquet file that datasets writes, with its pictures, by hand", async () => {
  const found = await scoresOf(bivlc({ annotations: `${golden}bivlc.parquet`, partial: true }));
  // The first two, a tie of the picture among them, are of one kind.
  expect(found.get("bivlc/replace_obj")).toMatchObject({
    items: 2,
    metrics: { text_acc: 0.5, image_acc: 1, acc: 0.5 },
    partial: { of: 1200, missing: [] },
  });
  expect(found.get("bivlc/swap_att")!.metrics).toEqual({ text_acc: 1, image_acc: 0, acc: 0 });
  // Picture 2 with its text .7 above .3, and picture 0 (.9 above .1): all right.
  expect(found.get("bivlc/add_att")!.metrics).toEqual({ text_acc: 1, image_acc: 1, acc: 1 });
  const all = found.get("bivlc")!;
  expect(all).toMatchObject({ headline: "acc", items: 4, partial: { of: 2933 } });
  expect(all.metrics["acc"]).toBe(2 / 4);
  // The mean over the three kinds that are there.
  expect(all.metrics["macro_acc"]).toBe((0.5 + 0 + 1) / 3);
  expect(all.chance!["acc"]).toBeCloseTo(1 / 6, 12);
  expect(found.get("bivlc/add_att")!.itemScores![0]).toMatchObject({
    id: "3",
    images: ["bivlc.parquet/3/image", "bivlc.parquet/3/negative_image"],
  });
});

Deno.test("bivlc: other counts, other columns and no files are refused", async () => {
  const run = (annotations: string) =>
    bivlc({ annotations }).evaluate(writtenEncoder(3), benchmarkContext());
  await expect(run(`${golden}bivlc.parquet`)).rejects.toThrow(
    new RangeError(
      "bivlc: expected the 1200 items of bivlc/replace_obj in its annotations, found 2; " +
        "partial: true scores those that are there",
    ),
  );
  await expect(run(`${golden}vismin.parquet`)).rejects.toThrow(
    "vismin.parquet: expected the columns caption, negative_caption, type, subtype, image, " +
      "negative_image, found no caption, no negative_caption, no type, no subtype, no image",
  );
  await expect(run(`${golden}cola`)).rejects.toThrow(
    new RangeError(`${golden}cola: expected a Parquet file or a folder of them, found none`),
  );
});

Deno.test("vismin: a folder of Parquet files, the mean over categories", () =>
  withFolder(async (folder) => {
    await Deno.copyFile(`${golden}vismin.parquet`, join(folder, "0000.parquet"));
    const found = await scoresOf(vismin({ annotations: folder, partial: true }));
    expect([...found].map(([name, { metrics }]) => [name, metrics["acc"], metrics["text_acc"]]))
      .toEqual([
        ["vismin/object", 1, 1],
        ["vismin/attribute", 0, 0],
        ["vismin/counting", 0, 1],
        ["vismin/relation", 1, 1],
        ["vismin", 0.5, 0.75],
      ]);
    expect(found.get("vismin")).toMatchObject({ headline: "macro_acc", partial: { of: 2084 } });
    expect(() => vismin({})).toThrow("expected the address of its annotations");
  }));

Deno.test("mmvpVlm: the statements' choices are its headline, ties wrong; patterns are groups", () =>
  withFolder(async (folder) => {
    const rows = TEXTS.flatMap((pair, i) =>
      pair.map((text, k) => `${2 * i + k + 1},${i < 2 ? "State" : "Color, hue"},${text}`)
    ).map((line) => {
      const [id, ...rest] = line.split(/,(?=State|Color)/);
      const [type, text] = rest[0]!.split(/,(?=\w @)/);
      return `${id},"${type}","${text}"`;
    });
    const annotations = join(folder, "Questions.csv");
    await Deno.writeTextFile(annotations, `Question ID,Type,Statement\n${rows.join("\n")}\n`);
    for (const [number, red] of [0, 1, 0, 1, 0, 1].entries()) {
      const type = join(folder, "MLLM_VLM Images", number < 4 ? "State" : "Color, hue");
      await Deno.mkdir(type, { recursive: true });
      await writePicture(join(type, `${number + 1}.jpg`), red);
    }
    const options = { images: folder, annotations, partial: true };
    const found = (await scoresOf(mmvpVlm(options))).get("mmvp_vlm")!;
    expect(found).toMatchObject({ ...THREE, headline: "image_acc", metrics: THREE.metrics });
    // Of the two patterns one has both right, one none.
    expect(found.metrics["macro_image_acc"]).toBe((1 + 0) / 2);
    expect(found.itemScores![0]!.texts).toEqual(["a photo of a @0.8,0.2", "a photo of b @0.5,0.6"]);
    await Deno.writeTextFile(annotations, "Question ID,Type,Statement\n1,State,a\n3,State,b\n");
    await expect(mmvpVlm(options).check!(benchmarkContext())).rejects.toThrow(
      `${annotations}, row 1: expected questions by twos (1 and 2, 3 and 4, …), found 1 before 3`,
    );
  }));

Deno.test("colorSwap: its JSON, a tie of either side wrong; it says that it is gated", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "images"));
    for (const red of [0, 1]) await writePicture(join(folder, `images/img_${red}.png`), red);
    const items = TEXTS.map(([caption_1, caption_2], id) => ({
      id,
      caption_1,
      caption_2,
      image_1: "images/img_0.png",
      image_2: "images/img_1.png",
      image_source: "midjourney",
      caption_source: "human",
    }));
    const annotations = join(folder, "test.json");
    await Deno.writeTextFile(annotations, JSON.stringify(items));
    const benchmark = colorSwap({ images: folder, annotations, partial: true });
    expect((await scoresOf(benchmark)).get("color_swap"))
      .toMatchObject({ ...THREE, headline: "acc", partial: { of: 300, missing: [] } });
    expect(benchmark.source).toMatchObject({ gated: true, licence: "MIT" });
    await expect(benchmark.with({ partial: false }).check!(benchmarkContext()))
      .rejects.toThrow("expected the 300 items of color_swap in its annotations, found 3");
  }));

Deno.test("cocoCounterfactuals: lines of JSON, pictures without an ending", () =>
  withFolder(async (folder) => {
    for (const red of [0, 1]) await writePicture(join(folder, `7_${red}.jpg`), red);
    const lines = TEXTS.map(([caption_0, caption_1], i) =>
      JSON.stringify({ id: `${i}`, caption_0, caption_1, image_0: "7_0", image_1: "7_1" })
    );
    const annotations = join(folder, "examples.jsonl");
    await Deno.writeTextFile(annotations, lines.join("\n"));
    const found = await scoresOf(cocoCounterfactuals({ images: folder, annotations }));
    expect(found.get("coco_counterfactuals")).toMatchObject({ ...THREE, headline: "acc" });
    expect(found.get("coco_counterfactuals")).not.toHaveProperty("partial");
  }));

Deno.test("naturalBench: the archive's metadata, by hand", () =>
  withFolder(async (folder) => {
    for (const red of [0, 1]) await writePicture(join(folder, `${red}.jpg`), red);
    const items = TEXTS.map(([caption_0, caption_1], index) => ({
      index,
      caption_0,
      caption_1,
      image_0: "0.jpg",
      image_1: "1.jpg",
    }));
    const annotations = join(folder, "metadata.json");
    await Deno.writeTextFile(annotations, JSON.stringify(items));
    const found = await scoresOf(naturalBench({ images: folder, annotations, partial: true }));
    expect(found.get("natural_bench"))
      .toMatchObject({ ...THREE, headline: "acc", partial: { of: 1200, missing: [] } });
  }));
