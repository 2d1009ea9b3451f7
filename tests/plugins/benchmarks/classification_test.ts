import { join } from "node:path";
import { expect } from "expect";
import { linearProbe } from "../../../plugins/benchmarks/classification/linear_probe.ts";
import { MissingPicturesError } from "../../../plugins/benchmarks/harness/missing_pictures.ts";
import {
  zeroShotCifar10,
  zeroShotCifar100,
  zeroShotImageNet,
} from "../../../plugins/benchmarks/classification/zero_shot_sets.ts";
import { zeroShotClassification } from "../../../plugins/benchmarks/classification/zero_shot_classification.ts";
import {
  zeroShotClassNames,
  zeroShotTemplates,
} from "../../../plugins/benchmarks/classification/zero_shot_names.ts";
import { readCifar } from "../../../plugins/benchmarks/classification/cifar.ts";
import { minimize } from "../../../plugins/benchmarks/classification/lbfgs.ts";
import {
  applyClassifier,
  fitLogisticRegression,
} from "../../../plugins/benchmarks/classification/logistic_regression.ts";
import { createRandom } from "../../../core/random.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import { benchmarkContext, writePicture, writtenEncoder } from "../../helpers/benchmark_fixture.ts";
import { withFolder } from "../../helpers/with_folder.ts";

/** Pictures named after their red value in a folder for each class. */
async function writeClasses(folder: string, classes: Record<string, readonly number[]>) {
  for (const [name, reds] of Object.entries(classes)) {
    await Deno.mkdir(join(folder, name), { recursive: true });
    for (const [index, red] of reds.entries()) {
      await writePicture(join(folder, name, `${index}.png`), red);
    }
  }
}

Deno.test("zeroShotClassification: prompts are averaged, pictures go to the nearest class", () =>
  withFolder(async (folder) => {
    // Classes in the order of their names: "big cat", "dog".
    await writeClasses(folder, { dog: [0, 1], big_cat: [0, 0, 1] });
    await Deno.writeTextFile(join(folder, "dog", "notes.txt"), "no picture");
    const asked: string[] = [];
    const encoder = {
      ...writtenEncoder(2),
      // A prompt's embedding: cats along axis 0, dogs along axis 1; templates of two lengths.
      texts: (texts: readonly string[]) => {
        asked.push(...texts);
        return Promise.resolve(Float32Array.from(texts.flatMap((text) => {
          const length = text.startsWith("one") ? 1 : 5;
          return text.includes("cat") ? [length, 0] : [0, length];
        })));
      },
    };
    const benchmark = zeroShotClassification({
      images: folder,
      dataset: "animals",
      templates: ["one {c}", "another {c}, yes {c}"],
    });
    const [evaluation] = await benchmark.evaluate(encoder, benchmarkContext());
    expect(asked).toEqual([
      "one big cat",
      "another big cat, yes big cat",
      "one dog",
      "another dog, yes dog",
    ]);
    // Cats: pictures 0 and 0 right, 1 wrong: 2 of 3. Dogs: 0 wrong, 1 right. No acc5 of two classes.
    expect(evaluation).toMatchObject({
      dataset: "animals",
      task: "zeroshot_classification",
      items: 5,
      headline: "acc1",
    });
    expect(evaluation!.metrics).toEqual({
      acc1: 3 / 5,
      mean_per_class_recall: (2 / 3 + 1 / 2) / 2,
    });
    expect(evaluation!.itemScores![2]).toEqual({
      id: "big_cat/2.png",
      images: ["big_cat/2.png"],
      texts: ["big cat", "dog"],
      scores: [0, 1],
      correct: { acc1: false },
      group: "big_cat",
    });
    const [limited] = await benchmark.with({ limit: 1 }).evaluate(encoder, benchmarkContext());
    expect(limited).toMatchObject({ items: 2, partial: { of: 5, missing: [] } });
    await expect(
      benchmark.with({ classes: ["cat", "dog", "cow"] }).evaluate(encoder, benchmarkContext()),
    ).rejects.toThrow(`${folder}: expected a subfolder for each of 3 classes, found 2`);
  }));

Deno.test("zeroShotClassification: of classes that tie the first wins", () =>
  withFolder(async (folder) => {
    await writeClasses(folder, { a: [0], b: [0] });
    const encoder = {
      ...writtenEncoder(1),
      texts: (texts: readonly string[]) => Promise.resolve(new Float32Array(texts.length).fill(1)),
    };
    const [evaluation] = await zeroShotClassification({ images: folder, dataset: "ties" })
      .evaluate(encoder, benchmarkContext());
    expect(evaluation!.itemScores!.map(({ correct }) => correct)).toEqual([
      { acc1: true },
      { acc1: false },
    ]);
  }));

Deno.test("zeroShotClassification: hidden folders are no classes, empty ones are refused", () =>
  withFolder(async (folder) => {
    await writeClasses(folder, { cat: [0, 1], dog: [1] });
    for (const hidden of [".ipynb_checkpoints", "__MACOSX"]) {
      await Deno.mkdir(join(folder, hidden));
      await writePicture(join(folder, hidden, "0.png"), 0);
    }
    // As macOS writes it beside a picture on other file systems: no picture, whatever its name says.
    await Deno.writeTextFile(join(folder, "cat", "._0.png"), "Mac OS X");
    await Deno.writeTextFile(join(folder, "dog", "1.BMP"), "not decoded");
    const log: string[] = [];
    const context = { ...benchmarkContext(), log: (line: string) => void log.push(line) };
    const benchmark = zeroShotClassification({
      images: folder,
      dataset: "pets",
      templates: ["{c} @1,0"],
    });
    const [evaluation] = await benchmark.evaluate(writtenEncoder(2), context);
    expect(evaluation).toMatchObject({ items: 3, metrics: { acc1: expect.any(Number) } });
    expect(log).toEqual([
      `${folder}/dog: 1 pictures are left out, since such are not decoded: 1.BMP`,
    ]);
    await Deno.mkdir(join(folder, "bird"));
    await expect(benchmark.check!(context)).rejects.toThrow(
      `${folder}: expected pictures in the subfolder of each class, found none in "bird"`,
    );
    // With names given, as of ImageNet, a class may lack its pictures.
    await zeroShotClassification({ images: folder, dataset: "x", classes: ["a", "b", "c"] })
      .check!(context);
    const probe = await withSplits(folder);
    await expect(linearProbe({ images: probe, dataset: "x" }).check!(context)).rejects
      .toThrow('train: expected pictures in the subfolder of each class, found none in "bird"');
  }));

/** A folder whose splits are both the folder given. */
async function withSplits(folder: string): Promise<string> {
  const splits = join(folder, ".splits");
  await Deno.mkdir(splits);
  for (const split of ["train", "test"]) await Deno.symlink(folder, join(splits, split));
  return splits;
}

Deno.test("zeroShotImageNet: asks for all folders, and for all pictures unless partial", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "n01440764"));
    const run = () =>
      zeroShotImageNet({ images: folder }).evaluate(writtenEncoder(1), benchmarkContext());
    await expect(run()).rejects.toThrow("expected a subfolder for each of 1000 classes, found 1");
    for (let i = 1; i < 1000; i++) await Deno.mkdir(join(folder, `n${String(i).padStart(8, "0")}`));
    await expect(run()).rejects.toThrow("expected the 50000 pictures of imagenet1k, found 0");
    await expect(
      zeroShotImageNet({ images: join(folder, "none") })
        .evaluate(writtenEncoder(1), benchmarkContext()),
    ).rejects.toThrow(`${folder}/none: expected a folder with a subfolder for each class`);
  }));

Deno.test("zeroShotImageNet: names the pictures that are missing, where the files bear their names", () =>
  withFolder(async (folder) => {
    const classOf = (i: number) => join(folder, `n${String(i).padStart(8, "0")}`);
    for (let i = 0; i < 1000; i++) await Deno.mkdir(classOf(i));
    const add = (i: number, name: string) => writePicture(join(classOf(i), name), 0);
    await add(0, "ILSVRC2012_val_00000002.JPEG");
    await add(7, "ILSVRC2012_val_00050000.png");
    const benchmark = zeroShotImageNet({ images: folder });
    const failure = () =>
      benchmark.check!(benchmarkContext()).then(() => undefined, (error) => error);
    const error = await failure();
    expect(error).toBeInstanceOf(MissingPicturesError);
    expect(error.missing.length).toBe(49998);
    expect([error.missing[0], error.missing[1], error.missing.at(-1)]).toEqual([
      "ILSVRC2012_val_00000001.JPEG",
      "ILSVRC2012_val_00000003.JPEG",
      "ILSVRC2012_val_00049999.JPEG",
    ]);
    expect(error.message).toMatch(
      /: expected 50000 pictures, found 49998 missing: ILSVRC2012_val_00000001\.JPEG, .+; partial: /,
    );
    const encoder = {
      ...writtenEncoder(1),
      texts: (texts: readonly string[]) => Promise.resolve(new Float32Array(texts.length).fill(1)),
    };
    const [partial] = await benchmark.with({ partial: true }).evaluate(encoder, benchmarkContext());
    expect(partial).toMatchObject({ items: 2, partial: { of: 50000, missing: error.missing } });
    // A name of another kind: which pictures are missing cannot be told.
    await add(0, "cat.png");
    expect(await failure()).toEqual(
      new RangeError(
        `${folder}: expected the 50000 pictures of imagenet1k, found 3; ` +
          "partial: true scores those that are there",
      ),
    );
  }));

Deno.test("zeroShotClassification: links to pictures and to folders of them are followed", () =>
  withFolder(async (folder) => {
    await writeClasses(join(folder, "stored"), { cats: [0, 1] });
    const images = join(folder, "linked");
    await Deno.mkdir(join(images, "dog"), { recursive: true });
    await Deno.symlink(join(folder, "stored", "cats"), join(images, "cat"));
    const target = join(folder, "stored", "cats", "1.png");
    await Deno.symlink(target, join(images, "dog", "0.png"));
    await Deno.symlink(target, join(images, "a link to a file is no class"));
    const benchmark = zeroShotClassification({ images, dataset: "links", templates: ["{c}"] });
    const encoder = {
      ...writtenEncoder(2),
      texts: (texts: readonly string[]) =>
        Promise.resolve(
          Float32Array.from(texts.flatMap((text) => text === "cat" ? [1, 0] : [0, 1])),
        ),
    };
    const [evaluation] = await benchmark.evaluate(encoder, benchmarkContext());
    expect(evaluation!.itemScores!.map(({ id, correct }) => [id, correct["acc1"]])).toEqual([
      ["cat/0.png", true],
      ["cat/1.png", false],
      ["dog/0.png", true],
    ]);
    await Deno.remove(target);
    await Deno.remove(join(images, "a link to a file is no class"));
    const error = await benchmark.check!(benchmarkContext()).catch((error) => error);
    expect(error).toBeInstanceOf(PictureError);
    expect(error.message)
      .toBe(`${images}/dog/0.png: expected a picture or a folder, found a link to nothing`);
  }));

Deno.test("zeroShotClassNames, zeroShotTemplates: CLIP_benchmark's lists", () => {
  const names = zeroShotClassNames("imagenet1k");
  expect([names.length, names[0], names[999]]).toEqual([1000, "tench", "toilet paper"]);
  expect(zeroShotTemplates("imagenet1k").length).toBe(80);
  expect(zeroShotTemplates("cifar10").length).toBe(18);
  expect(zeroShotTemplates("cifar100")).toContain("a photo of a {c}.");
  expect(() => zeroShotTemplates("imagenet")).toThrow('did you mean "imagenet1k"?');
  const options = { images: "pets", dataset: "pets" };
  expect(() => zeroShotClassification({ ...options, templates: "imagenet" }))
    .toThrow(/^zeroShotClassification\.templates: expected .*; did you mean "imagenet1k"\?$/);
});

/** A row of CIFAR's binary version: red is `value`, green 2, blue 3 everywhere. */
const cifarRow = (labels: readonly number[], value: number) => [
  ...labels,
  ...Array.from({ length: 3 * 1024 }, (_, i) => i < 1024 ? value : 2 + Math.floor(i / 2048)),
];

Deno.test("readCifar: labels and pixels of both layouts", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(
      join(folder, "fine_label_names.txt"),
      "apple\naquarium_fish\nbaby\n\n",
    );
    await Deno.writeFile(
      join(folder, "test.bin"),
      Uint8Array.from([...cifarRow([9, 1], 7), ...cifarRow([4, 2], 8)]),
    );
    const { classes, pictures } = await readCifar(folder, "cifar100", "test");
    expect(classes).toEqual(["apple", "aquarium fish", "baby"]);
    expect(pictures.map(({ id, label }) => [id, label])).toEqual([
      ["test.bin/0", 1],
      ["test.bin/1", 2],
    ]);
    const picture = await pictures[1]!.read();
    expect([picture.width, picture.height, picture.data.length]).toEqual([32, 32, 3072]);
    expect([...picture.data.subarray(0, 6)]).toEqual([8, 2, 3, 8, 2, 3]);
    expect(await pictures[0]!.key()).not.toBe(await pictures[1]!.key());

    await Deno.writeTextFile(join(folder, "batches.meta.txt"), "airplane\nautomobile\n");
    await Deno.writeFile(join(folder, "test_batch.bin"), Uint8Array.from(cifarRow([1], 5)));
    expect((await readCifar(folder, "cifar10", "test")).pictures[0]!.label).toBe(1);
    await Deno.writeFile(join(folder, "test_batch.bin"), Uint8Array.from(cifarRow([2], 5)));
    await expect(readCifar(folder, "cifar10", "test")).rejects.toThrow(
      `${folder}/test_batch.bin, row 0: expected a label below 2, found 2`,
    );
    await Deno.writeFile(join(folder, "test_batch.bin"), new Uint8Array(100));
    await expect(readCifar(folder, "cifar10", "test")).rejects.toThrow(
      new SyntaxError(
        `${folder}/test_batch.bin: expected rows of 3073 bytes, found 100 bytes in all`,
      ),
    );
    await expect(readCifar(folder, "cifar10", "train")).rejects.toThrow(
      `${folder}/data_batch_1.bin: expected a file of CIFAR's binary version`,
    );
  }));

Deno.test("zeroShotCifar10, zeroShotCifar100: the binary files with OpenAI's templates", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "batches.meta.txt"), "cat\ndog\n");
    await Deno.writeFile(
      join(folder, "test_batch.bin"),
      Uint8Array.from([...cifarRow([0], 0), ...cifarRow([1], 1), ...cifarRow([1], 0)]),
    );
    const encoder = {
      ...writtenEncoder(2),
      texts: (texts: readonly string[]) => {
        expect(texts.length).toBe(2 * 18);
        return Promise.resolve(
          Float32Array.from(texts.flatMap((text) => text.includes("cat") ? [1, 0] : [0, 1])),
        );
      },
    };
    const run = (partial: boolean) =>
      zeroShotCifar10({ images: folder, partial }).evaluate(encoder, benchmarkContext());
    const [evaluation] = await run(true);
    expect(evaluation).toMatchObject({
      dataset: "cifar10",
      metrics: { acc1: 2 / 3, mean_per_class_recall: 0.75 },
      partial: { of: 10000, missing: [] },
    });
    await expect(run(false)).rejects.toThrow("expected the 10000 pictures of cifar10, found 3");
    expect(zeroShotCifar100({ images: folder }).source.items).toBe(10000);
  }));

Deno.test("minimize: finds Rosenbrock's minimum at (1, 1)", () => {
  const { x, value, converged } = minimize(
    (x, gradient) => {
      const [a, b] = [x[0]!, x[1]!];
      gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
      gradient[1] = 200 * (b - a * a);
      return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
    },
    Float64Array.of(-1.2, 1),
    { maxIterations: 200, tolerance: 1e-9 },
  );
  expect(converged).toBe(true);
  expect(x[0]).toBeCloseTo(1, 8);
  expect(x[1]).toBeCloseTo(1, 8);
  expect(value).toBeLessThan(1e-16);
});

Deno.test("minimize: says when the steps are used up", () => {
  const square = (x: Float64Array, gradient: Float64Array) => {
    gradient[0] = 2 * x[0]!;
    return x[0]! ** 2;
  };
  const { converged } = minimize(square, Float64Array.of(50), {
    maxIterations: 1,
    tolerance: 1e-9,
  });
  expect(converged).toBe(false);
});

Deno.test("minimize: ends where a function has no value, at the start and further on", () => {
  const options = { maxIterations: 50, tolerance: 1e-9 };
  const nowhere = (_: Float64Array, gradient: Float64Array) => {
    gradient[0] = NaN;
    return 1;
  };
  expect(() => minimize(nowhere, Float64Array.of(1), options)).toThrow(
    new RangeError(
      "minimize: expected a finite value and gradient at the start, found 1 and a gradient of length NaN",
    ),
  );
  // x − ln x has its minimum at 1 and no value below 0, where the first steps from 30 lead.
  let met = 0;
  const logarithm = (x: Float64Array, gradient: Float64Array) => {
    gradient[0] = 1 - 1 / x[0]!;
    const value = x[0]! - Math.log(x[0]!);
    if (Number.isNaN(value)) met++;
    return value;
  };
  expect(minimize(logarithm, Float64Array.of(30), options).x[0]).toBeCloseTo(1, 6);
  expect(met).toBeGreaterThan(0);
  // No value anywhere but at the start: it stays there.
  const island = (x: Float64Array, gradient: Float64Array) => {
    gradient[0] = x[0] === 3 ? 1 : NaN;
    return x[0] === 3 ? 0 : -1;
  };
  expect(minimize(island, Float64Array.of(3), options)).toEqual({
    x: Float64Array.of(3),
    value: 0,
    converged: false,
  });
});

Deno.test("fitLogisticRegression: two rows of two classes, in closed form", () => {
  // Rows x = 1 of class 0 and x = -1 of class 1. By symmetry W = (w, -w), b = 0, and each row's loss
  // is log(1 + e^(-2w)): the derivative of 2·log(1 + e^(-2w)) + (2w²)/(2C) by w is 0 where
  // w/C·2 = 4/(1 + e^(2w)), so at C = w·(1 + e^(2w))/2 the minimum is w. Take w = 1.
  const c = (1 + Math.exp(2)) / 2;
  const options = { dim: 1, classes: 2, c, maxIterations: 100 };
  const classifier = fitLogisticRegression(Float32Array.of(1, -1), [0, 1], options);
  expect(classifier.converged).toBe(true);
  expect(classifier.weights[0]).toBeCloseTo(1, 5);
  expect(classifier.weights[1]).toBeCloseTo(-1, 5);
  expect(classifier.biases[0]! - classifier.biases[1]!).toBeCloseTo(0, 5);
  const logits = applyClassifier(classifier, Float32Array.of(2), 1);
  expect(logits[0]! - logits[1]!).toBeCloseTo(4, 4);
});

Deno.test("fitLogisticRegression: no change of a parameter lowers scikit-learn's objective", () => {
  const [rows, dim, classes, c] = [40, 3, 4, 2];
  const random = createRandom(5, "probe");
  const features = Float32Array.from({ length: rows * dim }, () => random.normal());
  const labels = Array.from({ length: rows }, () => random.integer(classes));
  const { weights, biases } = fitLogisticRegression(features, labels, {
    dim,
    classes,
    c,
    maxIterations: 500,
  });
  const objective = (w: Float64Array, b: Float64Array) => {
    const loss = labels.map((label, row) => {
      const logits = [...b].map((bias, k) =>
        Array.from({ length: dim }, (_, i) => w[k * dim + i]! * features[row * dim + i]!)
          .reduce((sum, each) => sum + each, bias)
      );
      const total = logits.map(Math.exp).reduce((sum, each) => sum + each);
      return Math.log(total) - logits[label]!;
    });
    return c * loss.reduce((sum, each) => sum + each) +
      w.reduce((sum, each) => sum + each * each, 0) / 2;
  };
  const least = objective(weights, biases);
  for (const [values, isWeight] of [[weights, true], [biases, false]] as const) {
    for (const [i, value] of values.entries()) {
      for (const change of [0.01, -0.01]) {
        const other = values.with(i, value + change);
        const moved = isWeight ? objective(other, biases) : objective(weights, other);
        expect(moved).toBeGreaterThan(least);
      }
    }
  }
});

Deno.test("linearProbe: learns on train, scores test, and takes few shots", () =>
  withFolder(async (folder) => {
    await writeClasses(join(folder, "train"), { a: [0, 0, 2], b: [1, 1, 1] });
    await writeClasses(join(folder, "test"), { a: [0, 2], b: [1, 0] });
    const probe = linearProbe({ images: folder, dataset: "letters", c: 10 });
    const [evaluation] = await probe.evaluate(writtenEncoder(3), benchmarkContext());
    // Pictures 0 and 2 are of class a in train and 1 of b: a's tests are right, b's second is wrong.
    expect(evaluation).toMatchObject({
      dataset: "letters",
      task: "linear_probe",
      headline: "lp_acc1",
      metrics: { lp_acc1: 0.75, lp_mean_per_class_recall: 0.75 },
      items: 4,
    });
    expect(evaluation!.itemScores!.map(({ correct }) => correct["lp_acc1"]))
      .toEqual([true, true, true, false]);
    const encoder = writtenEncoder(3);
    await probe.with({ shots: 1, limit: 1 }).evaluate(encoder, benchmarkContext());
    expect(encoder.asked.images).toBe(2 + 2);
    await Deno.rename(join(folder, "test", "b"), join(folder, "test", "c"));
    await expect(probe.evaluate(encoder, benchmarkContext())).rejects.toThrow(
      `${folder}: expected the same classes in train and test, found 2 and 2, "c" alone`,
    );
  }));

/** Rows of features with their classes, and what scikit-learn makes of them. */
async function sklearnProbe() {
  const file = new URL("../../golden/evaluation/linear_probe.json", import.meta.url);
  const golden: {
    readonly dim: number;
    readonly classes: number;
    readonly c: number;
    readonly train: number[][];
    readonly train_labels: number[];
    readonly test: number[][];
    readonly test_labels: number[];
    readonly weights: number[][];
    readonly probabilities: number[][];
    readonly lp_acc1: number;
    readonly lp_acc5: number;
    readonly lp_mean_per_class_recall: number;
  } = JSON.parse(await Deno.readTextFile(file));
  return golden;
}

Deno.test("fitLogisticRegression: is scikit-learn's classifier", async () => {
  const { dim, classes, c, ...golden } = await sklearnProbe();
  const classifier = fitLogisticRegression(
    Float32Array.from(golden.train.flat()),
    golden.train_labels,
    { dim, classes, c, maxIterations: 1000 },
  );
  expect(classifier.converged).toBe(true);
  // A gradient of 10⁻⁶ of the mean loss leaves weights off by 10⁻⁶ · C · rows at most.
  for (const [i, weight] of golden.weights.flat().entries()) {
    expect(Math.abs(classifier.weights[i]! - weight)).toBeLessThan(3e-4);
  }
  const logits = applyClassifier(classifier, Float32Array.from(golden.test.flat()), dim);
  for (const [row, probabilities] of golden.probabilities.entries()) {
    const powers = logits.slice(row * classes, (row + 1) * classes).map(Math.exp);
    const total = powers.reduce((a, b) => a + b);
    for (const [k, probability] of probabilities.entries()) {
      expect(Math.abs(powers[k]! / total - probability)).toBeLessThan(1e-4);
    }
  }
});

Deno.test("linearProbe: scores as scikit-learn does", () =>
  withFolder(async (folder) => {
    const { dim, c, train, test, ...golden } = await sklearnProbe();
    // A picture's red value is the row of its features.
    const rows = [...train, ...test];
    const write = async (split: string, labels: readonly number[], first: number) => {
      const classes = Map.groupBy(labels.map((label, i) => ({ label, red: first + i })), (each) =>
        String(each.label));
      await writeClasses(
        join(folder, split),
        Object.fromEntries([...classes].map(([name, found]) => [
          name,
          found.map(({ red }) =>
            red
          ),
        ])),
      );
    };
    await write("train", golden.train_labels, 0);
    await write("test", golden.test_labels, train.length);
    const encoder: Encoder = {
      dim,
      images: async (count, picture) => {
        const features = new Float32Array(count * dim);
        for (let i = 0; i < count; i++) features.set(rows[(await picture(i)).data[0]!]!, i * dim);
        return features;
      },
      texts: () => Promise.reject(new Error("not asked for")),
    };
    const [evaluation] = await linearProbe({ images: folder, dataset: "rows", c })
      .evaluate(encoder, benchmarkContext());
    const { lp_acc1, lp_acc5, lp_mean_per_class_recall } = golden;
    for (const [metric, value] of Object.entries({ lp_acc1, lp_acc5, lp_mean_per_class_recall })) {
      expect(evaluation!.metrics[metric]).toBeCloseTo(value, 12);
    }
    expect(Object.keys(evaluation!.metrics).length).toBe(3);
  }));

Deno.test("linearProbe: of classes that tie the first wins", () =>
  withFolder(async (folder) => {
    // The same picture for both classes: all weights stay 0, and all logits tie.
    await writeClasses(join(folder, "train"), { a: [0], b: [0] });
    await writeClasses(join(folder, "test"), { a: [0], b: [0] });
    const [evaluation] = await linearProbe({ images: folder, dataset: "ties" })
      .evaluate(writtenEncoder(1), benchmarkContext());
    expect(evaluation!.itemScores!.map(({ scores, correct }) => [scores, correct])).toEqual([
      [[0, 0], { lp_acc1: true }],
      [[0, 0], { lp_acc1: false }],
    ]);
  }));
