import { join } from "node:path";
import { expect } from "expect";
import type { Benchmark } from "../../../core/benchmark.ts";
import type { Context } from "../../../core/context.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { linearProbe } from "../../../plugins/benchmarks/classification/linear_probe.ts";
import { zeroShotClassification } from "../../../plugins/benchmarks/classification/zero_shot_classification.ts";
import { captionRetrieval } from "../../../plugins/benchmarks/retrieval/caption_retrieval.ts";
import { cocoRetrieval } from "../../../plugins/benchmarks/retrieval/karpathy_retrieval.ts";
import { cola } from "../../../plugins/benchmarks/suites/cola.ts";
import { captions } from "../../../plugins/captions/captions.ts";
import { benchmarkContext, writePicture } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const unasked = (): never => {
  throw new Error("nothing is to be embedded");
};
const encoder: Encoder = { dim: 1, images: unasked, texts: unasked };

/** A context that decodes no picture. */
function blindContext(): Context {
  const context = benchmarkContext();
  return { ...context, images: { ...context.images, decode: unasked } };
}

/** What both `check` and `evaluate` throw, nothing being embedded. */
async function refusal(benchmark: Benchmark): Promise<Error> {
  const [checked, evaluated] = await Promise.all(
    [benchmark.check!(blindContext()), benchmark.evaluate(encoder, blindContext())].map((work) =>
      work.then(() => undefined, (error) => error)
    ),
  );
  expect(checked).toBeInstanceOf(Error);
  expect(evaluated).toEqual(checked);
  expect(evaluated.constructor).toBe(checked.constructor);
  return checked;
}

Deno.test("check: a benchmark of items refuses what evaluate would, and passes without embedding", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "cola.json");
    const benchmark = cola({ images: folder, annotations });
    const write = (rows: unknown) => Deno.writeTextFile(annotations, JSON.stringify(rows));
    await write([["a.png", "a", "b.png"]]);
    expect((await refusal(benchmark)).message).toContain(`${annotations}, [0]`);
    const row = ["a.png", "a", "b.png", "b"];
    await write([row]);
    expect((await refusal(benchmark)).message).toContain("expected the 210 items");
    await write(Array.from({ length: 210 }, () => row));
    await writePicture(join(folder, "a.png"), 0);
    expect((await refusal(benchmark)).message)
      .toContain(`${folder}: expected 2 pictures, found 1 missing: b.png (`);
    await writePicture(join(folder, "b.png"), 0);
    await benchmark.check!(blindContext());
  }));

Deno.test("check: retrieval on a Karpathy split refuses what evaluate would, and passes", () =>
  withFolder(async (folder) => {
    const annotations = join(folder, "coco.json");
    const benchmark = cocoRetrieval({ images: folder, annotations });
    const write = (count: number) => {
      const list = Array.from(
        { length: count },
        (_, i) => ({ image: `${i % 2}.png`, caption: "a" }),
      );
      return Deno.writeTextFile(annotations, JSON.stringify(list));
    };
    await write(2);
    expect((await refusal(benchmark)).message)
      .toContain("COCO retrieval: expected the 5000 pictures of mscoco_captions");
    await write(5000);
    await writePicture(join(folder, "0.png"), 0);
    expect((await refusal(benchmark)).message)
      .toContain(`${folder}: expected 2 pictures, found 1 missing: 1.png (`);
    await writePicture(join(folder, "1.png"), 0);
    await benchmark.check!(blindContext());
  }));

Deno.test("check: retrieval on own captions refuses what evaluate would, and passes", () =>
  withFolder(async (folder) => {
    const path = join(folder, "captions.csv");
    const benchmark = captionRetrieval({ data: captions({ path }), dataset: "photos" });
    expect((await refusal(benchmark)).message).toContain(path);
    await Deno.writeTextFile(path, "0.png,a\n1.png,b\n");
    await writePicture(join(folder, "0.png"), 0);
    expect((await refusal(benchmark)).message)
      .toContain("captions.csv: expected 2 pictures, found 1 missing: 1.png (");
    await writePicture(join(folder, "1.png"), 0);
    await benchmark.check!(blindContext());
  }));

Deno.test("check: zero-shot classification refuses what evaluate would, and passes", () =>
  withFolder(async (folder) => {
    const images = join(folder, "pets");
    const benchmark = zeroShotClassification({ images, dataset: "pets", classes: ["cat", "dog"] });
    expect((await refusal(benchmark)).message)
      .toBe(`${images}: expected a folder with a subfolder for each class, found none`);
    await Deno.mkdir(join(images, "a"), { recursive: true });
    expect((await refusal(benchmark)).message)
      .toBe(`${images}: expected a subfolder for each of 2 classes, found 1`);
    await Deno.mkdir(join(images, "b"));
    await benchmark.check!(blindContext());
  }));

Deno.test("check: a linear probe refuses what evaluate would, and passes", () =>
  withFolder(async (folder) => {
    const benchmark = linearProbe({ images: folder, dataset: "pets" });
    await Deno.mkdir(join(folder, "train", "a"), { recursive: true });
    expect((await refusal(benchmark)).message)
      .toBe(`${folder}/test: expected a folder with a subfolder for each class, found none`);
    await Deno.mkdir(join(folder, "test", "b"), { recursive: true });
    expect((await refusal(benchmark)).message)
      .toContain(`${folder}: expected the same classes in train and test`);
    await Deno.rename(join(folder, "test", "b"), join(folder, "test", "a"));
    for (const split of ["train", "test"]) {
      expect((await refusal(benchmark)).message)
        .toBe(`${folder}/${split}: expected pictures to ${split} on, found none`);
      await writePicture(join(folder, split, "a", "0.png"), 0);
    }
    await benchmark.check!(blindContext());
  }));
