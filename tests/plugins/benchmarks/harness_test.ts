import { expect } from "expect";
import { z } from "zod";
import { summarizeItems } from "../../../core/scoring/summarize.ts";
import { defineItemBenchmark } from "../../../plugins/benchmarks/harness/item_benchmark.ts";
import { driveFile } from "../../../plugins/benchmarks/harness/drive_file.ts";
import { readParquetRows } from "../../../plugins/benchmarks/harness/parquet_rows.ts";
import { pillowBox } from "../../../plugins/benchmarks/harness/pillow_box.ts";
import { pythonTexts } from "../../../plugins/benchmarks/harness/python_texts.ts";
import { readAnnotationTable } from "../../../plugins/benchmarks/harness/read_annotation_table.ts";
import { scoreTogether } from "../../../plugins/benchmarks/harness/score_together.ts";
import { splitByKind } from "../../../plugins/benchmarks/harness/split_by_kind.ts";
import { defineRetrieval } from "../../../plugins/benchmarks/retrieval/define_retrieval.ts";
import { halfTruthsOf, unitsSchema } from "../../../plugins/benchmarks/suites/half_truth_texts.ts";
import { openParquet } from "../../../plugins/captions/parquet_file.ts";
import { pictureValue } from "../../../plugins/captions/picture_value.ts";
import golden from "../../golden/benchmarks/half_truths.json" with { type: "json" };
import { benchmarkContext, writePicture, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const benchmarks = new URL("../../golden/benchmarks/", import.meta.url).pathname;

Deno.test("readParquetRows, pictureValue: texts at once, pictures when they are asked for", async () => {
  const path = `${benchmarks}bivlc.parquet`;
  const schema = z.object({ caption: z.string() });
  const rows = await readParquetRows(benchmarkContext(), path, {
    files: [],
    schema,
    pictures: ["image"],
  });
  expect(rows.map(({ values }) => values.caption.slice(0, 1))).toEqual(["a", "c", "e", "g"]);
  const picture = rows[3]!.picture("image");
  expect(picture.file).toBe("bivlc.parquet/3/image");
  const bytes = await picture.bytes!();
  // A PNG file, that of the last row.
  expect([...bytes.subarray(1, 4)].map((code) => String.fromCharCode(code)).join("")).toBe("PNG");
  expect(bytes).toEqual(await pictureValue(await openParquet(path), "image", 3, "x"));
  await expect(pictureValue(await openParquet(path), "caption", 0, "row 1")).rejects.toThrow(
    "row 1: expected a picture's bytes or its path, found neither",
  );
});

Deno.test("readAnnotationTable: rows by the names of columns, faults with their row", () =>
  withFolder(async (folder) => {
    const path = `${folder}/a.csv`;
    const row = z.object({ a: z.string(), list: pythonTexts });
    const read = async (text: string) => {
      await Deno.writeTextFile(path, text);
      return (await readAnnotationTable(benchmarkContext(), path, row)).rows;
    };
    expect(await read(`a,list\r\n"x, y","['b', ""c's""]"\r\n`))
      .toEqual([{ a: "x, y", list: ["b", "c's"] }]);
    await expect(read("a,list\nx,['b']\ny,b\n")).rejects.toThrow(
      `${path}, row 2, ["list"]: expected a list of texts as Python shows it`,
    );
    await expect(read(`a,list\n"x,['b']\n`)).rejects.toThrow(
      `${path}, row 1: expected a table of commas`,
    );
    await expect(read("a\nx\n")).rejects.toThrow(`${path}, row 1, ["list"]: `);
  }));

Deno.test("scoreTogether: right where all are, and refuses more than belong together", () => {
  const items = [..."1101"].map((each, i) => ({
    id: `${i}`,
    scores: [i],
    correct: { acc: each === "1" },
  }));
  const all = summarizeItems({ dataset: "d", task: "t", headline: "acc" }, items);
  const keyOf = ({ id }: { readonly id: string }) => `pair ${Math.floor(Number(id) / 2)}`;
  const pairs = scoreTogether(all, { dataset: "d_pairs", size: 2, keyOf })!;
  expect(pairs).toMatchObject({ dataset: "d_pairs", items: 2, metrics: { acc: 1 / 2 } });
  expect(pairs.itemScores).toEqual([
    { id: "pair 0", images: [], texts: [], scores: [0, 1], correct: { acc: true } },
    { id: "pair 1", images: [], texts: [], scores: [2, 3], correct: { acc: false } },
  ]);
  expect(() => scoreTogether(all, { dataset: "d", size: 2, keyOf: () => "x" }))
    .toThrow(new RangeError("d: expected 2 items for x, found 4: 0, 1, 2, 3"));
});

Deno.test("splitByKind: a total that is known, kinds that are not", () => {
  const item = { id: "0", images: [], texts: [] };
  const items = [{ dataset: "a", item }, { dataset: "b", item }, { dataset: "a", item }];
  const split = (official: number, partial: boolean) =>
    splitByKind(items, { name: "x", official, partial })
      .map(({ dataset, official, items }) => [dataset, official, items.length]);
  expect(split(3, false)).toEqual([["a", 2, 2], ["b", 1, 1]]);
  // The two that are missing may be of either kind.
  expect(split(5, true)).toEqual([["a", 4, 2], ["b", 3, 1]]);
  expect(() => split(5, false)).toThrow("x: expected the 5 items of its authors");
  expect(() => split(2, true)).toThrow(/found 3$/);
});

Deno.test("pillowBox: Pillow rounds the corners; driveFile: what a browser downloads", () => {
  expect(pillowBox(0.6, 1.2, 2, 2.4)).toEqual({ left: 1, top: 1, width: 2, height: 3 });
  expect(driveFile("x")).toBe("https://drive.usercontent.google.com/download?id=x&export=download");
});

Deno.test("defineRetrieval: several sets, one of them of an unknown number", () =>
  withFolder(async (folder) => {
    for (const n of [0, 1]) await writePicture(`${folder}/${n}.png`, n);
    const source = {
      title: "X",
      paper: null,
      homepage: null,
      annotations: null,
      pictures: "its own",
      licence: "none",
      gated: false,
      items: null,
    };
    const pictures = ["1,0", "0,1"].map((axis, n) => ({
      file: `${n}.png`,
      captions: [`@${axis}`],
    }));
    const make = defineRetrieval({
      name: "x",
      source,
      headline: "text_retrieval_recall@1",
      load: () =>
        Promise.resolve([
          { dataset: "a", official: null, pictures },
          { dataset: "b", official: 3, pictures },
        ]),
    });
    const options = { images: folder, annotations: "x" };
    await expect(make(options).check!(benchmarkContext()))
      .rejects.toThrow("X: expected the 3 pictures of b in its annotations, found 2");
    const [a, b] = await make({ ...options, partial: true })
      .evaluate(writtenEncoder(2), benchmarkContext());
    expect(a).toMatchObject({ dataset: "a", headline: "text_retrieval_recall@1", items: 2 });
    expect(a).not.toHaveProperty("partial");
    expect(b!.partial).toEqual({ of: 3, missing: [] });
  }));

Deno.test("halfTruthsOf: the texts that the authors' code makes of made-up units", () => {
  for (const kind of ["entity", "relation"] as const) {
    const used = new Set<string>();
    const made = golden.units.map((each) => unitsSchema.parse(each)).flatMap((units) => {
      const picture = units.sample_id.split("_")[0]!;
      const texts = used.has(picture) ? undefined : halfTruthsOf(units, kind);
      if (texts !== undefined) used.add(picture);
      return texts ?? [];
    });
    const lines = made.map(({ condition, id, short, long }) => [condition, id, short, long]);
    const expected = golden.texts.filter(([condition]) => condition!.startsWith(kind));
    expect(expected.length).toBeGreaterThan(10);
    expect(lines.map((line) => line.join("|")).toSorted())
      .toEqual(expected.map((line) => line.join("|")).toSorted());
  }
});

Deno.test("defineItemBenchmark: refuses annotations without items, and two items of one id", () =>
  withFolder(async (folder) => {
    await writePicture(`${folder}/a.png`, 0);
    const check = async (...ids: readonly string[]) => {
      const items = ids.map((id) => ({ id, images: [{ file: "a.png" }], texts: ["x", "y"] }));
      const benchmark = defineItemBenchmark({
        name: "few",
        source: { title: "Few", pictures: "two", licence: "none" },
        rule: () => ([own, other]) => ({ acc: own! > other! }),
        load: () => Promise.resolve([{ dataset: "few/all", items }]),
      })({ images: folder, annotations: "none" });
      await benchmark.check!(benchmarkContext());
    };
    await check("a", "b");
    await expect(check()).rejects.toThrow("few: expected items in its annotations, found none");
    await expect(check("a", "b", "a")).rejects.toThrow(
      'few: expected items of few/all with ids of their own, found two of "a"',
    );
  }));

Deno.test("defineItemBenchmark: what a definition need not say, and items that have no id", () =>
  withFolder(async (folder) => {
    await writePicture(`${folder}/a.png`, 0);
    const benchmark = defineItemBenchmark({
      name: "least",
      source: { title: "Least", pictures: "two", licence: "none" },
      rule: () => ([own, other]) => ({ acc: own! > other! }),
      load: () => {
        const item = { images: [{ file: "a.png" }], texts: ["x @0.5,0", "y @0.25,0"] };
        return Promise.resolve([{ dataset: "least/all", items: [item, item] }]);
      },
    })({ images: folder, annotations: "none" });
    expect(benchmark.source).toEqual({
      ...{ title: "Least", paper: null, homepage: null, annotations: null },
      ...{ pictures: "two", licence: "none", gated: false, items: null },
    });
    const [found] = await benchmark.evaluate(writtenEncoder(2), benchmarkContext());
    expect(found).toMatchObject({
      ...{ dataset: "least/all", task: "image_caption_selection", headline: "acc", items: 2 },
      metrics: { acc: 1 },
    });
    expect(found!.itemScores!.map(({ id }) => id)).toEqual(["0", "1"]);
  }));
