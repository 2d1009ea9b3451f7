import { join } from "node:path";
import { expect } from "expect";
import { AssetError } from "../../../core/host/assets/asset_error.ts";
import { cocoRetrieval } from "../../../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { cola } from "../../../plugins/benchmarks/suites/cola.ts";
import { sugarCrepe } from "../../../plugins/benchmarks/suites/sugar_crepe.ts";
import { sugarCrepePp } from "../../../plugins/benchmarks/suites/sugar_crepe_pp.ts";
import { winoground } from "../../../plugins/benchmarks/suites/winoground.ts";
import { readKarpathyTest } from "../../../plugins/benchmarks/retrieval/karpathy.ts";
import { normalizeCaption } from "../../../plugins/benchmarks/suites/order_perturbations.ts";
import { benchmarkContext, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const golden = new URL("../../golden/benchmarks/", import.meta.url).pathname;

/** An encoder to which everything looks alike, so that every item is a tie. */
const blind = {
  ...writtenEncoder(1),
  images: (count: number) => Promise.resolve(new Float32Array(count).fill(1)),
  texts: (texts: readonly string[]) => Promise.resolve(new Float32Array(texts.length).fill(1)),
};

Deno.test("benchmarks: the first items of the authors' files, ties wrong", () =>
  withFolder(async (folder) => {
    const touch = async (annotations: string, filesOf: (item: never) => readonly string[]) => {
      for await (const { name } of Deno.readDir(join(golden, annotations))) {
        if (!name.endsWith(".json")) continue;
        const items: never[] = Object.values(
          JSON.parse(await Deno.readTextFile(join(golden, annotations, name))),
        );
        for (const file of items.flatMap(filesOf)) {
          await Deno.writeFile(join(folder, file), new Uint8Array());
        }
      }
    };
    await touch("sugar_crepe", ({ filename }) => [filename]);
    await touch("sugar_crepe_pp", ({ filename }) => [filename]);
    await touch("cola", (row: string[]) => [row[0]!, row[2]!].map((url) => url.split("/").at(-1)!));
    const run = async (benchmark: typeof sugarCrepe, name: string) => {
      const annotations = join(golden, name);
      const options = { images: folder, annotations, partial: true };
      return (await benchmark(options).evaluate(blind, benchmarkContext())).at(-1)!;
    };
    expect(await run(sugarCrepe, "sugar_crepe")).toMatchObject({
      items: 28,
      metrics: { acc: 0, macro_acc: 0 },
      partial: { of: 7511, missing: [] },
    });
    expect(await run(sugarCrepePp, "sugar_crepe_pp")).toMatchObject({
      items: 20,
      metrics: { itt_acc: 0, tot_acc: 0 },
      partial: { of: 4757, missing: [] },
    });
    expect(await run(cola, "cola/COLA_multiobjects_matching_benchmark.json")).toMatchObject({
      items: 3,
      metrics: { acc: 0 },
    });
  }));

Deno.test("readKarpathyTest: BLIP's list and the original file give the same", () =>
  withFolder(async (folder) => {
    const pictures = await readKarpathyTest(
      benchmarkContext(),
      join(golden, "karpathy/coco_karpathy_test.json"),
    );
    expect(pictures.length).toBe(3);
    expect(pictures[0]!.file).toBe("val2014/COCO_val2014_000000391895.jpg");
    expect(pictures[0]!.captions.length).toBe(5);
    const original = join(folder, "dataset_coco.json");
    const images = pictures.map(({ file, captions }) => ({
      filepath: "val2014",
      filename: file.slice("val2014/".length),
      split: "test",
      sentences: captions.map((raw) => ({ raw, tokens: [] })),
    }));
    images.splice(1, 0, { ...images[0]!, split: "restval" });
    await Deno.writeTextFile(original, JSON.stringify({ images, dataset: "coco" }));
    expect(await readKarpathyTest(benchmarkContext(), original)).toEqual(pictures);
  }));

Deno.test("normalizeCaption: as ARO's pre_caption", () => {
  // The regular expressions of their code, by hand: marks become spaces, spaces are joined, the
  // ends trimmed, then words counted. Commas, hyphens and question marks stay.
  expect(normalizeCaption('  A "red" car; (old), well-kept.  Why?\n', 30))
    .toBe("a red car old , well-kept why?");
  expect(normalizeCaption("One two three four", 3)).toBe("one two three");
});

Deno.test("benchmarks: a broken annotation file is one message with file, place and expectation", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "file.json");
    const failure = async (benchmark: typeof cola, text: string) => {
      await Deno.writeTextFile(annotations, text);
      const error = await benchmark({ images: folder, annotations, partial: true })
        .evaluate(blind, benchmarkContext()).then(() => undefined, (error) => error);
      expect(error).toBeInstanceOf(SyntaxError);
      return error.message;
    };
    expect(await failure(cola, '[["a.jpg", "one", "b.jpg", "tw')).toMatch(
      new RegExp(`^${annotations}: expected JSON \\(.+\\)$`),
    );
    expect(await failure(cola, '[["a.jpg", "one", "b.jpg", "two"], ["a.jpg", 7, "b.jpg", "x"]]'))
      .toBe(`${annotations}, [1][1]: Invalid input: expected string, received number`);
    expect(await failure(cola, "{}"))
      .toBe(`${annotations}: Invalid input: expected array, received object`);
    expect(await failure(winoground, '\n{"id": 0, "image_0": "a", "image_1": "b"}\n'))
      .toBe(
        `${annotations}, line 2, ["caption_0"]: Invalid input: expected string, received undefined`,
      );
    expect(await failure(cocoRetrieval, '[{"image": "a.jpg", "caption": 7}]')).toBe(
      `${annotations}, [0]["caption"]: expected a caption or a list of captions`,
    );
    expect(await failure(cocoRetrieval, '{"images": 3}'))
      .toBe(`${annotations}, ["images"]: Invalid input: expected array, received number`);
    for (const name of ["replace_att", "replace_obj", "replace_rel", "swap_att", "swap_obj"]) {
      await Deno.writeTextFile(join(folder, `${name}.json`), "[{}]");
    }
    await expect(
      sugarCrepePp({ textOnly: true, annotations: folder }).evaluate(blind, benchmarkContext()),
    ).rejects.toThrow(/replace_att\.json, \[0\]\["id"\]: /);
  }));

Deno.test("benchmarks: annotations that cannot be fetched name the address tried", async () => {
  const error = await cola({ images: "." }).evaluate(blind, benchmarkContext()).then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(AssetError);
  expect(error.message).toContain(
    "https://raw.githubusercontent.com/arijitray1993/COLA/main/data/" +
      "COLA_multiobjects_matching_benchmark.json",
  );
});
