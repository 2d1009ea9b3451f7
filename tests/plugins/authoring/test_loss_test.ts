import { expect } from "expect";
import { z } from "zod";
import { defineComponent } from "../../../core/define_component.ts";
import { applySingle } from "../../../core/graph/node.ts";
import { add, mul, square, stopGradient } from "../../../core/graph/elementwise.ts";
import { cast } from "../../../core/graph/cast.ts";
import { reshape, sum } from "../../../core/graph/linear.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import type { Loss, LossContext, LossExtra } from "../../../core/loss.ts";
import { testLoss } from "../../../plugins/authoring/test_loss.ts";
import { hardNegativeContrastive } from "../../../plugins/contrastive/hard_negative_contrastive.ts";

/** A loss on images and captions of one text a row. */
function lossOf(name: string, of: (image: Tensor, caption: Tensor) => Tensor): Loss<"caption"> {
  return defineComponent({
    name,
    schema: z.strictObject({}),
    make: () => ({
      needs: ["caption"] as const,
      compute({ image, text }: LossContext<"caption">) {
        const total = of(image, sum(text.caption, [1]));
        return { total, terms: { twice: mul(total, 2) } };
      },
    }),
  })();
}

function literal<
  Group extends string,
  Picture extends string = never,
  Extra extends LossExtra = never,
>(
  part: Pick<Loss<Group, Picture, Extra>, "needs" | "compute" | "pictures" | "extras">,
): Loss<Group, Picture, Extra> {
  const loss: Loss<Group, Picture, Extra> = {
    name: "literal",
    options: {},
    ...part,
    with: () => loss,
  };
  return loss;
}

const sizes = { batch: 2, dim: 3, groups: { caption: 1 } };

/** Σ (u·t)², of which the gradient is not constant. */
const squares = lossOf(
  "squares",
  (image, caption) => sum(square(sum(mul(image, caption), [1])), [0]),
);

Deno.test("testLoss: gives the values of given embeddings, brought to unit length", async () => {
  const embeddings = { image: [2, 0, 0, 0, 3, 0], text: { caption: [3, 4, 0, 0, 0, 1] } };
  // The cosines are 3/5 and 0.
  const expected = { total: 0.36, twice: 0.72 };
  expect(await testLoss(squares, { ...sizes, embeddings, expected })).toEqual({
    total: expect.closeTo(0.36, 12),
    terms: { twice: expect.closeTo(0.72, 12) },
    precision: "float64",
  });
});

Deno.test("testLoss: expected values may be computed from the embeddings", async () => {
  const { total } = await testLoss(squares, {
    ...sizes,
    seed: 3,
    expected: ({ image, text: { caption } }) => {
      const cosine = (row: number) =>
        [0, 1, 2].reduce((s, i) => s + image[3 * row + i]! * caption[3 * row + i]!, 0);
      return { total: cosine(0) ** 2 + cosine(1) ** 2 };
    },
  });
  expect(total).not.toBe((await testLoss(squares, { ...sizes, seed: 4 })).total);
});

Deno.test("testLoss: a wrong value is named with what was expected and found", async () => {
  const embeddings = { image: [1, 0, 0, 0, 1, 0], text: { caption: [1, 0, 0, 0, 0, 1] } };
  await expect(testLoss(squares, { ...sizes, embeddings, expected: { twice: 2.5 } }))
    .rejects.toThrow("squares: twice: expected 2.5, found 2");
  await expect(testLoss(squares, { ...sizes, expected: { thrice: 1 } }))
    .rejects.toThrow("expected: one of twice, total, found thrice");
});

Deno.test("testLoss: a wrong gradient is named by its place", async () => {
  // The square of the cosine, with the gradient of the cosine.
  const wrong = lossOf("wrong", (image, caption) => {
    const cosine = sum(mul(image, caption), [0, 1]);
    return applySingle("Mul", [cosine, cosine], {
      dtype: cosine.dtype,
      shape: [],
      gradient: ([dy]) => [dy, undefined],
    });
  });
  await expect(testLoss(wrong, sizes)).rejects.toThrow(
    /^wrong: gradient of the total by image\[0, 0\]: expected -?[\d.e-]+ by finite differences, found/,
  );
});

Deno.test("testLoss: a loss that knows float32 alone is tested in it", async () => {
  const single = lossOf(
    "single",
    (image, caption) => sum(square(sum(mul(cast(image, "float32"), caption), [1])), [0]),
  );
  const { precision } = await testLoss(single, sizes);
  expect(precision).toBe("float32");
});

Deno.test("testLoss: absent texts are the loss's to leave out", async () => {
  const test = { batch: 2, dim: 4, groups: { caption: 1, negative: 1 }, seed: 1 };
  const all = await testLoss(hardNegativeContrastive(), test);
  const none = await testLoss(hardNegativeContrastive(), {
    ...test,
    present: { negative: [0, 0] },
    // Without negatives both directions are CLIP's.
    expected: ({ image, text: { caption } }) => {
      const logit = (i: number, j: number) =>
        4 * [0, 1, 2, 3].reduce((s, k) => s + image[4 * i + k]! * caption[4 * j + k]!, 0);
      const over = (a: number, b: number) => Math.log(Math.exp(a) + Math.exp(b));
      const imageToText = (over(logit(0, 0), logit(0, 1)) + over(logit(1, 0), logit(1, 1)) -
        logit(0, 0) - logit(1, 1)) / 2;
      return { imageToText };
    },
  });
  expect(all.total).toBeGreaterThan(none.total);
});

Deno.test("testLoss: what does not fit the loss is refused", async () => {
  const other = { ...sizes, groups: { negative: 1 } } as never;
  await expect(testLoss(squares, other)).rejects.toThrow(
    "testLoss of squares: groups: expected caption, found negative",
  );
  const embeddings = { image: [1], text: { caption: [1] } };
  await expect(testLoss(squares, { ...sizes, embeddings })).rejects.toThrow(
    "testLoss of squares: image: expected 6 numbers, found 1",
  );
  await expect(testLoss(squares, { ...sizes, state: { mean: [1] } })).rejects.toThrow(
    "testLoss of squares: state: expected a name of the loss's state, found mean",
  );
});

Deno.test("testLoss: a loss's own parameters are differentiated too", async () => {
  const scaled: Loss<"caption"> = {
    ...lossOf("scaled", (image) => sum(image)),
    parameters: {
      factors: { shape: ["dim"], initial: ([dim]) => new Float32Array(dim!).fill(2) },
    },
    compute: ({ image, parameters, step }: LossContext<"caption">) => {
      const factors = square(cast(parameters.factors!, image.dtype));
      return { total: sum(mul(square(image), factors)), terms: { step } };
    },
  };
  const embeddings = { image: [2, 0, 0, 0, 3, 0], text: { caption: [3, 4, 0, 0, 0, 1] } };
  // Rows of unit length in the first and the second place: a² + b², at first 4 + 4.
  expect((await testLoss(scaled, { ...sizes, embeddings, expected: { total: 8 } })).terms)
    .toEqual({ step: 0 });
  const parameters = { factors: [3, 0.5, 7] };
  await testLoss(scaled, { ...sizes, embeddings, parameters, expected: { total: 9.25 } });
  await expect(testLoss(scaled, { ...sizes, parameters: { factor: [1, 2, 3] } })).rejects.toThrow(
    "testLoss of scaled: parameters: expected a name of the loss's own, found factor",
  );
});

Deno.test("testLoss: further pictures, absent ones too, are given and differentiated", async () => {
  // Of each row the cosine of its further picture with its text, where it has one: 1 and 0.
  const loss = literal<"caption", "other">({
    needs: ["caption"],
    pictures: ["other"],
    compute: ({ images, text }) => {
      const { embeddings, present } = images.other;
      const total = sum(mul(sum(mul(embeddings, text.caption), [2]), present));
      return { total, terms: {} };
    },
  });
  const test = { batch: 2, dim: 2, groups: { caption: 1 }, pictures: { other: 1 } };
  const embeddings = {
    image: [1, 0, 1, 0],
    images: { other: [2, 0, 0, 3] },
    text: { caption: [1, 0, 0, 1] },
  };
  await testLoss(loss, { ...test, embeddings, expected: { total: 2 } });
  const presentPictures = { other: [1, 0] };
  await testLoss(loss, { ...test, embeddings, presentPictures, expected: { total: 1 } });
  await testLoss(loss, { ...test, pictures: { other: 3 }, groups: { caption: 3 } });
  await expect(testLoss(loss, { ...test, pictures: {} as { other: number } })).rejects.toThrow(
    "pictures: expected other, found none",
  );
  await expect(testLoss(loss, { ...test, presentPictures: { others: [1, 1] } })).rejects.toThrow(
    "presentPictures: expected other, found others",
  );
});

Deno.test("testLoss: what a loss asks for beyond embeddings is given and differentiated", async () => {
  const extras = ["patches", "tokens", "pooled", "logitBias"] as const;
  const loss = literal<"caption", never, (typeof extras)[number]>({
    needs: ["caption"],
    extras,
    compute: ({ image, extra: { patches, tokens: { caption }, pooled, logitBias } }) => {
      const patch = sum(square(patches));
      const token = mul(3, sum(mul(caption.embeddings, reshape(caption.present, [2, 1, 3, 1]))));
      const text = mul(5, sum(pooled.caption));
      const total = add(add(patch, token), add(text, mul(logitBias, sum(image))));
      return { total, terms: { patch, token, text } };
    },
  });
  const test = { batch: 2, dim: 2, groups: { caption: 1 }, logitScale: 1 };
  await testLoss(loss, {
    ...test,
    sizes: { patches: 1, tokens: 3, width: 1 },
    embeddings: {
      image: [1, 0, 0, 1],
      text: { caption: [1, 0, 0, 1] },
      extra: {
        patches: [1, 2, 3, 4],
        "tokens.caption": [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
        "pooled.caption": [1, -3],
        logitBias: [-7],
      },
    },
    // The rows of `image` sum to 2.
    expected: { patch: 30, token: 9, text: -10, total: 30 + 9 - 10 - 14 },
  });
  await testLoss(loss, test);
  const extra = { patch: [1] };
  const embeddings = { image: [1, 0, 0, 1], text: { caption: [1, 0, 0, 1] }, extra };
  await expect(testLoss(loss, { ...test, embeddings })).rejects.toThrow(
    "embeddings.extra: expected patches, tokens.caption, pooled.caption, logitBias, found patch",
  );
});

Deno.test("testLoss: no gradient is asked for of what another model says", async () => {
  const loss = literal<"caption", never, "frozen">({
    needs: ["caption"],
    extras: ["frozen"],
    compute: ({ image, extra: { frozen } }) => {
      const total = add(sum(mul(image, frozen.image)), sum(stopGradient(frozen.text.caption)));
      return { total, terms: {} };
    },
  });
  await testLoss(loss, {
    ...{ batch: 1, dim: 2, groups: { caption: 1 } },
    embeddings: {
      image: [3, 4],
      text: { caption: [1, 0] },
      extra: { "frozen.image": [0, 2], "frozen.text.caption": [0, 9] },
    },
    // 4/5 · 1, and a text of unit length.
    expected: (unit) => ({ total: unit.image[1]! * unit.extra!["frozen.image"]![1]! + 1 }),
  });
});

Deno.test("testLoss: gives a loss that asks for it the example of each row", async () => {
  const weighted = literal<"caption", never, "example">({
    needs: ["caption"],
    extras: ["example"],
    compute: ({ image, text, extra }) => {
      const weight = cast(extra.example, image.dtype);
      return { total: sum(mul(sum(mul(image, sum(text.caption, [1])), [1]), weight)), terms: {} };
    },
  });
  const embeddings = { image: [1, 0, 0, 0, 1, 0], text: { caption: [1, 0, 0, 0, 1, 0] } };
  const given = { ...sizes, embeddings };
  // Cosines of 1: the sum of the indices.
  await testLoss(weighted, { ...given, examples: [5, 7], expected: { total: 12 } });
  await testLoss(weighted, { ...given, expected: { total: 1 } });
  await expect(testLoss(weighted, { ...given, examples: [5] }))
    .rejects.toThrow("testLoss: examples: expected 2 indices from 0, found 5");
});
