import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import type { Tensor } from "../../../core/graph/tensor.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import type { LossContext, LossResult } from "../../../core/loss.ts";
import { lossContextOf } from "../../helpers/loss_context.ts";
import { createRandom } from "../../../core/random.ts";
import { ceClipLoss } from "../../../plugins/ce_clip/loss.ts";
import { clicLoss } from "../../../plugins/clic/loss.ts";
import { contrastive } from "../../../plugins/contrastive/contrastive.ts";
import {
  type Duplicates,
  falseNegatives,
  ownTexts,
} from "../../../plugins/contrastive/duplicates.ts";
import { hardNegativeContrastive } from "../../../plugins/contrastive/hard_negative_contrastive.ts";
import { findWebGpu } from "../../helpers/devices.ts";

const [batch, count, slots, dim, scale] = [5, 2, 2, 6, 3];
const random = createRandom(1, "duplicates");

/** A row of unit length. */
function unit(): number[] {
  const row = Array.from({ length: dim }, () => random.normal());
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

const images = Array.from({ length: batch }, unit);
const texts = Array.from({ length: batch }, () => Array.from({ length: count }, unit));
const negatives = Array.from({ length: batch }, () => Array.from({ length: slots }, unit));
// Rows 0 and 3 show one picture. Row 1's second text is row 2's first. Row 4's first negative is
// row 1's second text and so row 2's first too; row 0's second one is its own text.
const pictures = [0, 1, 2, 0, 4];
const textIds = [[0, 1], [2, 3], [3, 4], [5, 6], [7, 8]];
const negativeIds = [[9, 1], [10, 11], [12, -1], [13, 14], [3, 15]];
const present = negativeIds.map((row) => row.map((id) => id < 0 ? 0 : 1));

const flat = (values: readonly unknown[]) => values.flat(3) as number[];
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const range = (length: number) => Array.from({ length }, (_, i) => i);

function embeddings<Group extends string>(
  text: Readonly<Record<Group, Tensor>>,
  there: Readonly<Record<Group, Tensor>>,
  ids: Readonly<Record<Group, Tensor>>,
): LossContext<Group> {
  return lossContextOf({
    image: constant(flat(images), [batch, dim]),
    text,
    present: there,
    identity: { picture: constant(pictures, [batch]), text: ids },
    logitScale: constant([scale], []),
  });
}

const negativeTensors = {
  text: constant(flat(negatives), [batch, slots, dim]),
  present: constant(flat(present), [batch, slots]),
  ids: constant(flat(negativeIds), [batch, slots]),
};

/** Embeddings whose first group has the first `k` texts of each row. */
function withTexts<Group extends string>(group: Group, k: number) {
  const first = <T>(rows: readonly (readonly T[])[]) => flat(rows.map((row) => row.slice(0, k)));
  const of = (own: Tensor, other: Tensor) =>
    ({ [group]: own, negative: other }) as Record<Group | "negative", Tensor>;
  return embeddings<Group | "negative">(
    of(constant(first(texts), [batch, k, dim]), negativeTensors.text),
    of(constant(Array(batch * k).fill(1), [batch, k]), negativeTensors.present),
    of(constant(first(textIds), [batch, k]), negativeTensors.ids),
  );
}

async function evaluate({ total, terms }: LossResult): Promise<Record<string, number>> {
  const device = await openDevice("cpu");
  const program = await device.compile({ inputs: [], outputs: { total, ...terms } });
  const results = Object.entries(await program.run({}));
  const values = await Promise.all(
    results.map(async ([name, tensor]) => [name, Number((await tensor.read())[0])] as const),
  );
  await program.dispose();
  await device.dispose();
  return Object.fromEntries(values);
}

/** The parts of all losses, written out; `k` texts a row, which compete with those of their place. */
function reference(duplicates: Duplicates, k: number) {
  const own = (i: number) => textIds[i]!.slice(0, k);
  const counts = (i: number, j: number, place: number) =>
    i === j || duplicates === "keep" ||
    (pictures[i] !== pictures[j] && !own(i).includes(textIds[j]![place]!));
  const logit = (i: number, j: number, place: number) =>
    counts(i, j, place) ? Math.exp(scale * dot(images[i]!, texts[j]![place]!)) : 0;
  const toNegatives = (i: number) =>
    sum(
      range(batch).flatMap((j) =>
        range(slots).map((m) => {
          const isOwn = duplicates === "drop" && own(i).includes(negativeIds[j]![m]!);
          return present[j]![m] === 0 || isOwn
            ? 0
            : Math.exp(scale * dot(images[i]!, negatives[j]![m]!));
        })
      ),
    );
  const over = (f: (i: number, place: number) => number) =>
    mean(range(batch).flatMap((i) => range(k).map((place) => f(i, place))));
  const right = (i: number, place: number) => scale * dot(images[i]!, texts[i]![place]!);
  const texts_ = (i: number, place: number) => sum(range(batch).map((j) => logit(i, j, place)));
  return {
    toTexts: over((i, place) => Math.log(texts_(i, place)) - right(i, place)),
    toAll: over((i, place) => Math.log(texts_(i, place) + toNegatives(i)) - right(i, place)),
    toImages: over((i, place) =>
      Math.log(sum(range(batch).map((j) => logit(j, i, place)))) - right(i, place)
    ),
  };
}

for (const duplicates of ["keep", "drop"] as const) {
  Deno.test(`contrastive: rows that are the same, duplicates ${duplicates}`, async () => {
    for (const k of [1, count]) {
      const { toTexts, toImages } = reference(duplicates, k);
      const { total } = await evaluate(
        contrastive({ duplicates }).compute(
          withTexts("caption", k) as unknown as LossContext<"caption">,
        ),
      );
      expect(total).toBeCloseTo((toTexts + toImages) / 2, 5);
    }
  });

  Deno.test(`hardNegativeContrastive: rows that are the same, duplicates ${duplicates}`, async () => {
    for (const k of [1, count]) {
      const { toAll, toImages } = reference(duplicates, k);
      const found = await evaluate(
        hardNegativeContrastive({ duplicates }).compute(withTexts("caption", k)),
      );
      expect(found.imageToText).toBeCloseTo(toAll, 5);
      expect(found.textToImage).toBeCloseTo(toImages, 5);
    }
  });

  Deno.test(`clicLoss: rows that are the same, duplicates ${duplicates}`, async () => {
    const { toAll, toTexts, toImages } = reference(duplicates, count);
    for (const [denominator, toFirst] of [["separate", toTexts], ["unified", toAll]] as const) {
      const loss = clicLoss({ duplicates, denominator });
      const found = await evaluate(loss.compute(withTexts("positive", count)));
      expect(found.contrastive).toBeCloseTo((toFirst + toImages) / 2, 5);
    }
  });

  Deno.test(`ceClipLoss: rows that are the same, duplicates ${duplicates}`, async () => {
    const { toAll, toImages } = reference(duplicates, 1);
    const loss = ceClipLoss({ duplicates, threshold: "fixed" });
    const found = await evaluate(loss.compute(withTexts("caption", 1)));
    expect(found.hardNegative).toBeCloseTo((toAll + toImages) / 2, 5);
  });
}

Deno.test("contrastive: what is kept and what is dropped differ here", () => {
  // That the tests above can tell one from the other.
  for (const k of [1, count]) {
    const [keep, drop] = [reference("keep", k), reference("drop", k)];
    for (const part of ["toTexts", "toAll", "toImages"] as const) {
      expect(keep[part] - drop[part]).toBeGreaterThan(0.01);
    }
  }
});

async function checkMasks(kind: "cpu" | "webgpu"): Promise<void> {
  const device = await openDevice(kind);
  const picture = constant(pictures, [batch]);
  const text = constant(flat(textIds), [batch, count]);
  const outputs = {
    own: ownTexts(text, constant([1, 3, 9], [3])),
    same: falseNegatives(picture, text),
  };
  const program = await device.compile({ inputs: [], outputs });
  const { own, same } = await program.run({});
  // Text 1 is row 0's, text 3 is that of rows 1 and 2, text 9 is nobody's.
  expect([...await own!.read()]).toEqual([1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  const found = [...await same!.read()];
  const pairs = range(batch * batch * count).filter((i) => found[i] === 1).map((i) =>
    [Math.floor(i / count / batch), Math.floor(i / count) % batch, i % count].join(" ")
  );
  // Rows 0 and 3 by their picture, with both texts; row 1 has row 2's first, row 2 row 1's second.
  expect(pairs).toEqual(["0 3 0", "0 3 1", "1 2 0", "2 1 1", "3 0 0", "3 0 1"]);
  await program.dispose();
  await device.dispose();
}

Deno.test("falseNegatives, ownTexts: texts that are true of another row", () => checkMasks("cpu"));

Deno.test({
  name: "falseNegatives, ownTexts: the same on WebGPU",
  ignore: !await findWebGpu(),
  fn: () => checkMasks("webgpu"),
});

Deno.test("contrastive: a single row is refused, and so is an unknown way with duplicates", () => {
  const alone = lossContextOf({
    image: constant([1, 0], [1, 2]),
    text: { caption: constant([1, 0], [1, 1, 2]) },
    present: { caption: constant([1], [1, 1]) },
    identity: { picture: constant([0], [1]), text: { caption: constant([0], [1, 1]) } },
    logitScale: constant([1], []),
  });
  expect(() => contrastive().compute(alone)).toThrow(
    new RangeError(
      "contrastive: expected a batch of at least 2 rows, which are told from each other, found 1",
    ),
  );
  expect(() => contrastive().with({ duplicates: "remove" })).toThrow("contrastive.duplicates");
});
