import { expect } from "expect";
import { constant, input } from "../../../core/graph/node.ts";
import { squareCrop } from "../../../core/images/crop.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { DataSet } from "../../../core/dataset.ts";
import { objective } from "../../../core/objective.ts";
import { clicLoss } from "../../../plugins/clic/loss.ts";
import { captionNegatives } from "../../../plugins/contrastive/caption_negatives.ts";
import { contrastive } from "../../../plugins/contrastive/contrastive.ts";
import { contrastiveLogits } from "../../../plugins/contrastive/symmetric_contrastive.ts";
import { singleCaption } from "../../../plugins/contrastive/single_caption.ts";
import type { NegativeGenerator } from "../../../core/negative_generator.ts";
import { memoryDataSet } from "../../helpers/memory_data_set.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";
import { allDifferent } from "../../helpers/batch_identity.ts";

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** Total and term of the loss of three images, unit vectors of their own, with these captions. */
async function lossOf(captions: readonly number[], scale: number, weight = 1) {
  const count = captions.length / 9;
  const logitScale = input("scale", "float32", []);
  const { total, terms } = contrastive({ weight }).compute(lossContextOf({
    image: constant(identity, [3, 3]),
    text: { caption: constant(captions, [3, count, 3]) },
    present: { caption: constant(Array(3 * count).fill(1), [3, count]) },
    identity: allDifferent(3, { caption: count }),
    logitScale,
    state: {},
  }));
  const device = await openDevice("cpu");
  const program = await device.compile({
    inputs: [logitScale],
    outputs: { total, term: terms.contrastive! },
  });
  const outputs = await program.run({
    scale: device.upload(Float32Array.of(scale), [], "float32"),
  });
  const result = [(await outputs.total!.read())[0], (await outputs.term!.read())[0]] as const;
  await program.dispose();
  await device.dispose();
  return result.map(Number) as [number, number];
}

Deno.test("contrastive: right pairs at right angles to all others have a closed form", async () => {
  // Logits are s on the diagonal and 0 elsewhere: ln(eˢ + 2) − s in both directions.
  for (const scale of [0, 1, 4]) {
    const [total] = await lossOf(identity, scale);
    expect(total).toBeCloseTo(Math.log(Math.exp(scale) + 2) - scale, 5);
  }
});

Deno.test("contrastive: is the mean of both directions where they differ", async () => {
  // Every caption is the first image's vector. Image 0 has logits s, s, s, the others 0, 0, 0: ln 3
  // each. A caption has s, 0, 0 against the images: ln(eˢ + 2), less s for caption 0 only.
  const scale = 2;
  const [total] = await lossOf([1, 0, 0, 1, 0, 0, 1, 0, 0], scale);
  const toImages = Math.log(Math.exp(scale) + 2) - scale / 3;
  expect(total).toBeCloseTo((Math.log(3) + toImages) / 2, 5);
});

Deno.test("contrastive: several captions make sets that do not compete", async () => {
  // The same captions twice: were all six in one denominator, the loss would grow by about ln 2.
  const twice = [0, 1, 2].flatMap((row) => {
    const caption = identity.slice(row * 3, row * 3 + 3);
    return [...caption, ...caption];
  });
  const [total] = await lossOf(twice, 3);
  expect(total).toBeCloseTo(Math.log(Math.exp(3) + 2) - 3, 5);
});

Deno.test("contrastive: the weight is in the total and not in the term", async () => {
  const [total, term] = await lossOf(identity, 1, 0.25);
  expect(term).toBeCloseTo(Math.log(Math.E + 2) - 1, 5);
  expect(total).toBeCloseTo(term / 4, 6);
  expect(() => contrastive({ weight: -1 })).toThrow(RangeError);
  expect(contrastive().with({ weight: 2 }).options).toEqual({ weight: 2, duplicates: "keep" });
});

Deno.test("contrastiveLogits: images and texts that do not fit are refused by shape", () => {
  const scale = input("s", "float32", []);
  const image = input("u", "float32", [3, 4]);
  expect(() => contrastiveLogits(image, input("t", "float32", [2, 1, 4]), scale))
    .toThrow("found [3, 4] and [2, 1, 4]");
  expect(() => contrastiveLogits(image, input("t", "float32", [3, 4]), scale)).toThrow(TypeError);
});

Deno.test("singleCaption: gives the square picture and its first caption", async () => {
  const data = memoryDataSet([{
    captions: ["A dog", "A cat"],
    picture: { width: 6, height: 4, color: [10, 20, 30] },
  }]);
  const context = {
    data,
    preprocessing: { size: 2, mean: [0, 0, 0], deviation: [1, 1, 1] },
    seed: 0,
    epoch: 0,
  } as const;
  const rows = await singleCaption().compose(0, context);
  expect(rows).toEqual([{
    id: "example 0",
    image: squareCrop(await data.pixels(0), 2),
    texts: { caption: ["A dog"] },
  }]);

  // A fair draw of two captions in 400 epochs: 200 each, with a deviation of 10.
  const random = singleCaption({ caption: "random" });
  let first = 0;
  for (let epoch = 0; epoch < 400; epoch++) {
    const [row] = await random.compose(0, { ...context, epoch });
    if (row!.texts.caption[0] === "A dog") first++;
  }
  expect(Math.abs(first - 200)).toBeLessThan(50);
  expect(await random.compose(0, context)).toEqual(await random.compose(0, context));
  expect(random.with({ caption: "first" }).options).toEqual({ caption: "first", crop: null });
  expect(() => random.with({ caption: "second" })).toThrow(RangeError);
});

Deno.test("objective: a loss whose text groups the composer lacks does not compile", () => {
  const plain = objective("contrastive", singleCaption(), contrastive());
  expect(Object.keys(plain.composer.groups)).toEqual([...plain.loss.needs]);
  // @ts-expect-error: single captions are neither positives nor negatives
  objective("clic", singleCaption(), clicLoss());
});

Deno.test("captionNegatives: a picture, its caption and what the generator makes of it", async () => {
  const data = memoryDataSet([{
    captions: ["a dog", "a cat"],
    picture: { width: 6, height: 4, color: [10, 20, 30] },
  }]);
  const generator = (mark: string): NegativeGenerator => ({
    name: "marks",
    options: { mark },
    slots: 2,
    generate: (caption, random) =>
      Promise.resolve([`${caption} ${mark}${random.integer(1000)}`, null]),
    with: (changes) => generator(String(changes.mark ?? mark)),
  });
  const context = {
    data,
    preprocessing: { size: 2, mean: [0, 0, 0], deviation: [1, 1, 1] },
    seed: 0,
    epoch: 0,
  } as const;
  const composer = captionNegatives({ negatives: generator("!"), crop: [0.9, 1] });
  expect(composer.groups).toEqual({ caption: 1, negative: 2 });
  const [row] = await composer.compose(0, context);
  expect(row!.texts.caption).toEqual(["a dog"]);
  expect(row!.texts.negative[0]).toMatch(/^a dog !\d+$/);
  expect(row!.texts.negative[1]).toBeNull();
  expect(row!.image).toEqual({
    width: 2,
    height: 2,
    data: Uint8Array.of(10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30),
  });
  expect(await composer.compose(0, context)).toEqual([row]);
  expect(await composer.compose(0, { ...context, epoch: 1 })).not.toEqual([row]);

  // As an override or a manifest has it.
  expect(composer.options).toEqual({
    caption: "first",
    crop: [0.9, 1],
    negatives: { name: "marks", mark: "!" },
  });
  const changed = composer.with({ negatives: { mark: "?" }, crop: null });
  expect(changed.options.negatives).toEqual({ name: "marks", mark: "?" });
  expect((await changed.compose(0, context))[0]!.texts.negative[0]).toMatch(/^a dog \?\d+$/);
  expect(() => composer.with({ negatives: { name: "others" } })).toThrow(RangeError);
  expect(() => composer.with({ crop: [1, 0.9] })).toThrow("the least first");
});

Deno.test("captionNegatives: a row does not depend on which is faster, picture or generator", async () => {
  const plain = memoryDataSet([{
    captions: ["a dog"],
    picture: { width: 9, height: 7, color: [10, 20, 30] },
  }]);
  const wait = (turns: number) =>
    new Promise<void>((resolve) => {
      let left = turns;
      const next = () => left-- > 0 ? queueMicrotask(next) : resolve();
      next();
    });
  /** The crop that is cut out and the negative, where each has to wait so long. */
  const compose = async (picture: number, words: number) => {
    let cut: unknown;
    const data: DataSet = {
      ...plain,
      size: async (index) => {
        await wait(picture);
        return await plain.size(index);
      },
      pixels: (index, operation) => {
        cut = operation;
        return plain.pixels(index, operation);
      },
    };
    const negatives: NegativeGenerator = {
      name: "slow",
      options: {},
      slots: 1,
      generate: async (_caption, random) => {
        const first = random.integer(1e6);
        await wait(words);
        return [`${first} ${random.integer(1e6)}`];
      },
      with: () => negatives,
    };
    const preprocessing = { size: 2, mean: [0, 0, 0], deviation: [1, 1, 1] } as const;
    const composer = captionNegatives({ negatives, crop: [0.1, 1] });
    const [row] = await composer.compose(0, { data, preprocessing, seed: 0, epoch: 0 });
    return [cut, row!.texts.negative];
  };
  const expected = await compose(0, 0);
  expect(await compose(50, 0)).toEqual(expected);
  expect(await compose(0, 50)).toEqual(expected);
  expect(await compose(20, 50)).toEqual(expected);
});
