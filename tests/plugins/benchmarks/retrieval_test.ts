import { join } from "node:path";
import { expect } from "expect";
import { retrievalRanks } from "../../../core/scoring/retrieval.ts";
import { MissingPicturesError } from "../../../plugins/benchmarks/harness/missing_pictures.ts";
import { captionRetrieval } from "../../../plugins/benchmarks/retrieval/caption_retrieval.ts";
import { cocoRetrieval } from "../../../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { captions as captionsAt } from "../../../plugins/captions/captions.ts";
import { benchmarkContext, writePicture, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

/** Captions whose values are their cosines with pictures 0, 1 and 2. */
const captions = [
  ["first @0.9,0.1,0", "second @0.2,0.3,0.1"], // of 0; the second is nearer to 1
  ["third @0.8,0.5,0.6"], // of 1, nearer to 0 and 2
  ["fourth @0.3,0.2,0.7"], // of 2
];

Deno.test("cocoRetrieval: recalls both ways and every query's item score, by hand", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "coco.json");
    const list = captions.map((caption, i) => ({ image: `val2014/${i}.png`, caption }));
    await Deno.writeTextFile(annotations, JSON.stringify(list));
    for (const red of [0, 1, 2]) await writePicture(join(folder, `${red}.png`), red);
    const benchmark = cocoRetrieval({ images: folder, annotations, partial: true });
    const [evaluation] = await benchmark.evaluate(writtenEncoder(3), benchmarkContext());
    // Captions to pictures: ranks 1, 2, 3, 1. Pictures to captions: 0 has 0.9; 1 has 0.5 against
    // 0.1, 0.3, 0.2; 2 has 0.7: all first.
    expect(evaluation).toMatchObject({
      dataset: "mscoco_captions",
      task: "zeroshot_retrieval",
      headline: "image_retrieval_recall@1",
      metrics: {
        "image_retrieval_recall@1": 0.5,
        "image_retrieval_recall@5": 1,
        "image_retrieval_recall@10": 1,
        "text_retrieval_recall@1": 1,
      },
      items: 3,
      partial: { of: 5000, missing: [] },
    });
    const items = evaluation!.itemScores!;
    expect(items.length).toBe(4 + 3);
    expect(items[1]).toEqual({
      id: "val2014/0.png#1",
      images: ["val2014/0.png"],
      texts: ["second @0.2,0.3,0.1"],
      scores: [Math.fround(0.2), Math.fround(0.3)],
      correct: {
        "image_retrieval_recall@1": false,
        "image_retrieval_recall@5": true,
        "image_retrieval_recall@10": true,
      },
    });
    expect(items[5]).toMatchObject({
      id: "val2014/1.png",
      scores: [0.5, Math.fround(0.3)],
      correct: { "text_retrieval_recall@1": true },
    });
    const one = await benchmark.with({ captions: 1 }).evaluate(
      writtenEncoder(3),
      benchmarkContext(),
    );
    // Of the first captions alone, ranks 1, 3, 1.
    expect(one[0]!.metrics["image_retrieval_recall@1"]).toBe(2 / 3);
    await Deno.remove(join(folder, "1.png"));
    const [partial] = await benchmark.evaluate(writtenEncoder(3), benchmarkContext());
    expect(partial).toMatchObject({ items: 2, partial: { of: 5000, missing: ["val2014/1.png"] } });
    await expect(
      benchmark.with({ partial: false }).evaluate(writtenEncoder(3), benchmarkContext()),
    ).rejects.toThrow("COCO retrieval: expected the 5000 pictures of mscoco_captions");
  }));

Deno.test("captionRetrieval: any source of data, changed by name and options", () =>
  withFolder(async (folder) => {
    for (const red of [0, 1, 2]) await writePicture(join(folder, `${red}.png`), red);
    const table = captions.map((texts, i) =>
      [`${i}.png`, ...texts.map((text) => `"${text}"`)].join(",")
    );
    const rows = [...table, "3.png"].join("\n");
    await Deno.writeTextFile(join(folder, "captions.csv"), `${rows}\n`);
    const data = captionsAt({ path: join(folder, "captions.csv") });
    const benchmark = captionRetrieval({ data, dataset: "photos" });
    const context = benchmarkContext();
    const [evaluation] = await benchmark.evaluate(writtenEncoder(3), context);
    // The last row has no caption.
    expect(context.lines[1]).toContain("3 examples can be used, 1 rows were left out:");
    expect(evaluation).toMatchObject({
      dataset: "photos",
      metrics: { "image_retrieval_recall@1": 0.5, "text_retrieval_recall@1": 1 },
      items: 3,
    });
    expect(evaluation!.partial).toBeUndefined();
    const changed = benchmark.with({ data: { name: "captions", limit: 2 }, captions: 1 });
    expect(changed.options["data"]).toMatchObject({ limit: 2 });
    const [fewer] = await changed.evaluate(writtenEncoder(3), benchmarkContext());
    // Pictures 0 and 1 with their first captions: 0.9 > 0.1, and 0.5 < 0.8.
    expect(fewer).toMatchObject({ items: 2, metrics: { "image_retrieval_recall@1": 0.5 } });
  }));

Deno.test("captionRetrieval: names every picture that is missing or broken, and embeds none", () =>
  withFolder(async (folder) => {
    const names = Array.from({ length: 25 }, (_, i) => `${i}.png`);
    const table = names.map((name) => `${name},a caption\n`).join("");
    await Deno.writeTextFile(join(folder, "captions.csv"), table);
    await writePicture(join(folder, "0.png"), 0);
    await Deno.writeTextFile(join(folder, "2.png"), "no picture");
    const data = captionsAt({ path: join(folder, "captions.csv") });
    const benchmark = captionRetrieval({ data, dataset: "photos" });
    const encoder = writtenEncoder(1);
    const error = await benchmark.evaluate(encoder, benchmarkContext()).then(
      () => undefined,
      (error) => error,
    );
    expect(error).toBeInstanceOf(MissingPicturesError);
    expect(error.missing).toEqual(names.slice(1));
    expect(error.message).toBe(
      `captions.csv: expected 25 pictures, found 24 missing: ${names.slice(1, 21).join(", ")} ` +
        `and 4 more (${folder}/1.png: expected a picture, found no file at ${folder}/1.png)`,
    );
    expect(encoder.asked.images).toBe(0);
    // Those past the limit are not looked for.
    await benchmark.with({ limit: 1 }).check!(benchmarkContext());
  }));

Deno.test("retrievalRanks: the nearest right and wrong answers, past one block of texts", () => {
  // 200 texts of two pictures on two axes: text j lies at (j/200, 0.5), own picture j % 2.
  const texts = Float32Array.from({ length: 400 }, (_, k) => k % 2 === 0 ? k / 400 : 0.5);
  const imageOfText = Array.from({ length: 200 }, (_, j) => j % 2);
  const ranks = retrievalRanks({ images: Float32Array.of(1, 0, 0, 1), texts, imageOfText }, 2);
  // Text 100 belongs to picture 0 and ties with picture 1 at 0.5; text 102 wins, text 98 does not.
  expect([ranks.texts.before[98], ranks.texts.before[100], ranks.texts.before[102]])
    .toEqual([1, 1, 0]);
  expect([ranks.texts.own[102], ranks.texts.other[102]]).toEqual([Math.fround(0.51), 0.5]);
  // Picture 0: its best is text 198 at 0.99, below text 199 at 0.995. Picture 1: all texts tie.
  expect([ranks.images.before[0], ranks.images.before[1]]).toEqual([1, 100]);
  expect([ranks.images.own[0], ranks.images.other[0]])
    .toEqual([Math.fround(0.99), Math.fround(0.995)]);
});
