import { expect } from "expect";
import {
  type Batch,
  type BatchStream,
  createBatchStream,
} from "../../../../core/training/loop/batches.ts";
import { totalSteps } from "../../../../core/training/loop/steps.ts";
import type { Cursor } from "../../../../core/training/loop/cursor.ts";
import { defineRecipe } from "../../../../core/define_recipe.ts";
import { PictureError } from "../../../../core/images/picture_error.ts";
import type { Loss } from "../../../../core/loss.ts";
import { type Composer, type Objective, objective } from "../../../../core/objective.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { memoryDataSet } from "../../../helpers/memory_data_set.ts";
import { settings } from "../../../helpers/recipe_fixture.ts";
import { miniClip } from "../../../helpers/small_clip.ts";
import fc from "fast-check";

const plain = objective("plain", singleCaption(), contrastive());
const model = miniClip(0);
const beginning: Cursor = { epoch: 0, position: 0 };

/** Example i has the caption "i" and a grey picture of value i; those of `broken` cannot be read. */
function dataSet(length: number, broken: readonly number[] = []) {
  return memoryDataSet(Array.from({ length }, (_, i) => ({
    captions: [String(i)],
    picture: broken.includes(i) ? null : { width: 8, height: 8, color: [i, i, i] as const },
  })));
}

function stream(
  length: number,
  batch: number,
  changes: { broken?: readonly number[]; seed?: number; from?: Cursor; skips?: string[] } = {},
): BatchStream {
  const { broken = [], seed = 1, from = beginning, skips = [] } = changes;
  const data = dataSet(length, broken);
  const onSkip = ({ where, reason }: { where: string; reason: string }) =>
    skips.push(`${where}: ${reason}`);
  return createBatchStream({ data, model, batch, seed, from, onSkip });
}

async function take(from: BatchStream, count: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let i = 0; i < count; i++) batches.push(await from.next(plain));
  return batches;
}

const indices = (batches: readonly Batch[]) =>
  batches.flatMap(({ ids }) => ids.map((id) => Number(id.replace("example ", ""))));
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);
const range = (length: number) => Array.from({ length }, (_, i) => i);

Deno.test("createBatchStream: an epoch takes every example once, in another order each time", async () => {
  const found = indices(await take(stream(12, 4), 6));
  const [first, second] = [found.slice(0, 12), found.slice(12)];
  expect(sorted(first)).toEqual(range(12));
  expect(sorted(second)).toEqual(range(12));
  expect(second).not.toEqual(first);
  expect(first).not.toEqual(range(12));
});

Deno.test("createBatchStream: the order depends on seed and epoch alone", async () => {
  const order = indices(await take(stream(12, 4), 6));
  // Neither on the size of the batch, nor on how many examples were composed at once.
  expect(indices(await take(stream(12, 3), 8))).toEqual(order);
  expect(indices(await take(stream(12, 12), 2))).toEqual(order);
  expect(indices(await take(stream(12, 4, { seed: 2 }), 6))).not.toEqual(order);
  const fromSecond = stream(12, 4, { from: { epoch: 1, position: 0 } });
  expect(indices(await take(fromSecond, 3))).toEqual(order.slice(12));
});

Deno.test("createBatchStream: what is left of an epoch goes over to the next", async () => {
  // 10 examples in batches of 4: the third batch has the last two and two of the second epoch.
  const batches = await take(stream(10, 4), 5);
  const found = indices(batches);
  expect(sorted(found.slice(0, 10))).toEqual(range(10));
  expect(sorted(found.slice(10))).toEqual(range(10));
  expect(batches.map(({ epoch }) => epoch)).toEqual([0, 0, 0, 1, 1]);
  expect(batches[2]!.next.epoch).toBe(1);
});

Deno.test("createBatchStream: what a batch holds already is passed over, and comes in the next one", async () => {
  // The case that was reported: 100 examples, batches of 64.
  const batches = await take(stream(100, 64), 25);
  for (const batch of batches) expect(new Set(indices([batch])).size).toBe(64);
  const found = indices(batches);
  for (let epoch = 0; epoch < 16; epoch++) {
    expect(sorted(found.slice(100 * epoch, 100 * (epoch + 1)))).toEqual(range(100));
  }
  // The second batch has the last 36 of the first epoch; of the second one's order it takes the
  // first 28 that are not among them, and the third batch begins with those it met before.
  const order = indices(await take(stream(100, 100), 2));
  const [last, second] = [order.slice(64, 100), order.slice(100)];
  const fresh = second.filter((index) => !last.includes(index)).slice(0, 28);
  const met = second.slice(0, second.indexOf(fresh.at(-1)!) + 1);
  const due = met.filter((index) => last.includes(index));
  expect(indices([batches[1]!])).toEqual([...last, ...fresh]);
  expect(batches[1]!.next).toEqual({ epoch: 1, position: met.length, due });
  expect(due.length).toBeGreaterThan(0);
  expect(indices([batches[2]!]).slice(0, due.length)).toEqual(due);
});

Deno.test("createBatchStream: whatever the sizes, no batch repeats, no epoch lacks an example", async () => {
  const sizes = fc.record({
    length: fc.integer({ min: 1, max: 40 }),
    batch: fc.integer({ min: 1, max: 40 }),
    broken: fc.uniqueArray(fc.nat(39), { maxLength: 6 }),
    seed: fc.nat(1000),
  });
  await fc.assert(
    fc.asyncProperty(sizes, async ({ length, batch, broken, seed }) => {
      const usable = range(length).filter((index) => !broken.includes(index));
      fc.pre(batch <= usable.length);
      const count = Math.ceil(3 * usable.length / batch);
      const batches = await take(stream(length, batch, { broken, seed }), count);
      for (const each of batches) expect(new Set(each.ids).size).toBe(batch);
      const found = indices(batches);
      for (let epoch = 0; epoch < 3; epoch++) {
        const own = found.slice(usable.length * epoch, usable.length * (epoch + 1));
        expect(sorted(own)).toEqual(usable);
      }
      // A cursor, as a checkpoint keeps it, says all that the rest follows from.
      const place = seed % count;
      const from = JSON.parse(JSON.stringify(batches[place]!.next));
      const rest = await take(stream(length, batch, { broken, seed, from }), count - place - 1);
      expect(rest).toEqual(batches.slice(place + 1));
    }),
    { numRuns: 60 },
  );
});

Deno.test("createBatchStream: a batch is of the epoch of its first example", async () => {
  // Two batches an epoch, without anything left over.
  const batches = await take(stream(8, 4), 5);
  expect(batches.map(({ epoch }) => epoch)).toEqual([0, 0, 1, 1, 2]);
});

Deno.test("createBatchStream: goes on exactly where a saved cursor stands", async () => {
  const options = { broken: [2, 7] };
  const whole = await take(stream(10, 3, options), 12);
  for (const [place, { next }] of whole.slice(0, -1).entries()) {
    // As a checkpoint keeps it.
    const from = JSON.parse(JSON.stringify(next));
    const rest = await take(stream(10, 3, { ...options, from }), 12 - place - 1);
    expect(rest).toEqual(whole.slice(place + 1));
  }
});

Deno.test("createBatchStream: a picture that cannot be read is named and replaced by the next", async () => {
  const order = indices(await take(stream(10, 5), 2));
  const skips: string[] = [];
  const broken = [3, 4, 8];
  const found = indices(await take(stream(10, 7, { broken, skips }), 1));
  // The order is that of the whole set, less the broken ones.
  expect(found).toEqual(order.filter((index) => !broken.includes(index)));
  const passed = order.slice(0, order.lastIndexOf(found.at(-1)!) + 1);
  expect(skips).toEqual(
    passed.filter((index) => broken.includes(index)).map((index) =>
      `example ${index}: picture ${index}: cannot be read`
    ),
  );
});

Deno.test("createBatchStream: fewer usable examples than a batch takes are an error, wherever it begins", async () => {
  for (let seed = 0; seed < 10; seed++) {
    for (const position of [0, 1, 3, 4]) {
      const from = { epoch: 0, position };
      await expect(stream(4, 3, { broken: [0, 3], seed, from }).next(plain)).rejects.toThrow(
        /^memory: 2 of its 4 examples could be used, and a batch takes 3 different ones; the last one left out: picture [03]: cannot be read$/,
      );
    }
  }
});

Deno.test("createBatchStream: a set without a usable example is an error", async () => {
  const broken = range(3);
  await expect(stream(3, 2, { broken }).next(plain)).rejects.toThrow(
    /^memory: none of its 3 examples could be used, and a batch takes 2 different ones; the last one left out: picture \d: cannot be read$/,
  );
  await expect(stream(0, 2).next(plain)).rejects.toThrow("none of its 0 examples");
});

Deno.test("createBatchStream: rows say which of them show the same pictures, in whichever order", async () => {
  // Examples 0 and 1 share a picture, 2 and 3 another; 4 has its own.
  const data = { ...dataSet(5), pictureOf: (index: number) => [0, 0, 2, 2, 4][index]! };
  const composer: Objective["composer"] = {
    ...plain.composer,
    compose: async (index, context) => {
      const [row] = await plain.composer.compose(index, context);
      // Example 4 shows itself and 0, example 3 shows 1 and 4: the same two pictures; others one.
      const shows = ({ 4: [4, 0], 3: [1, 4] } as Record<number, number[]>)[index];
      return [{ ...row!, ...(shows === undefined ? {} : { shows }) }];
    },
  };
  const batches = createBatchStream({
    data,
    model,
    batch: 5,
    seed: 1,
    from: beginning,
    onSkip: () => {},
  });
  const batch = await batches.next({ ...plain, composer });
  const number = (index: number) => batch.identity.picture[batch.ids.indexOf(`example ${index}`)];
  expect(number(0)).toBe(number(1));
  expect(number(3)).toBe(number(4));
  expect(new Set(range(5).map(number)).size).toBe(3);
});

Deno.test("createBatchStream: other faults than a picture's stop the run", async () => {
  const failing: Objective = {
    ...plain,
    composer: { ...plain.composer, compose: () => Promise.reject(new TypeError("a bug")) },
  };
  await expect(stream(3, 2).next(failing)).rejects.toThrow("a bug");
  const wrapped: Objective = {
    ...plain,
    composer: {
      ...plain.composer,
      compose: () => Promise.reject(new PictureError("partner", "is missing")),
    },
  };
  await expect(stream(3, 2).next(wrapped)).rejects.toThrow("partner: is missing");
});

Deno.test("createBatchStream: rows hold the picture, its texts and which of them are there", async () => {
  const composing: Objective = {
    name: "pairs",
    composer: {
      name: "pairs",
      options: {},
      groups: { caption: 2, spare: 1 },
      rows: 1,
      compose: (index) => {
        const value = index === 0 ? 0 : 255;
        return Promise.resolve([{
          id: `example ${index}`,
          image: { width: 8, height: 8, data: new Uint8Array(192).fill(value) },
          // The second example brings a normalisation of its own.
          ...(index === 0 ? {} : {
            normalization: { mean: [0, 0.5, 1] as const, deviation: [0.5, 0.5, 0.5] as const },
          }),
          texts: { caption: [String(index), index === 0 ? null : "77"], spare: ["0"] },
        }]);
      },
      with: () => composing.composer,
    },
    // "spare" is not asked for, so it is not tokenized.
    loss: { ...plain.loss, needs: ["caption"] },
  };
  const { ids, pixels, groups } = await stream(2, 2).next(composing);
  const [zero, one] = [ids.indexOf("example 0"), ids.indexOf("example 1")];
  // miniClip's tokenizer: 1, then 2 + digit for each digit, then 39.
  const tokens = [[], []] as number[][][];
  tokens[zero] = [[1, 2, 39], [1, 39]];
  tokens[one] = [[1, 3, 39], [1, 9, 9, 39]];
  const present = [[], []] as number[][];
  present[zero] = [1, 0];
  present[one] = [1, 1];
  expect(groups).toEqual([
    {
      name: "caption",
      count: 2,
      tokens: tokens.flat(),
      present: Float32Array.from(present.flat()),
    },
  ]);
  // (0 − mean)/deviation of CLIP's red; (1 − {0, 0.5, 1})/0.5 for the other.
  const each = 3 * 64;
  expect(pixels[zero * each]).toBeCloseTo(-0.48145466 / 0.26862954, 5);
  expect([0, 64, 128].map((at) => pixels[one * each + at])).toEqual([2, 1, 0]);
});

Deno.test("createBatchStream: an example may give several rows, which stay together", async () => {
  const composer: Objective["composer"] = {
    ...plain.composer,
    rows: 2,
    compose: async (index, context) => {
      const [row] = await plain.composer.compose(index, context);
      return [row!, { ...row!, id: `${row!.id} again` }];
    },
  };
  const batch = await stream(6, 3).next({ ...plain, composer });
  expect(batch.ids.length).toBe(6);
  expect(batch.pixels.length).toBe(6 * 3 * 8 * 8);
  for (const i of [0, 2, 4]) expect(batch.ids[i + 1]).toBe(`${batch.ids[i]} again`);
  // Three examples were taken, not six.
  expect(batch.next).toEqual({ epoch: 0, position: 3 });
  await expect(stream(6, 3).next({ ...plain, composer: { ...composer, rows: 3 } }))
    .rejects.toThrow("expected 3 rows of example");
});

Deno.test("totalSteps: whole batches of all epochs, unless the recipe names a number", () => {
  const data = dataSet(10);
  const recipe = defineRecipe(settings({ batch: 4, epochs: 3 }));
  expect(totalSteps(recipe, data)).toBe(6);
  expect(totalSteps({ ...recipe, steps: 100 }, data)).toBe(100);
  expect(() => totalSteps({ ...recipe, batch: 11 }, data)).toThrow(
    "batch: memory has 10 examples that can be used; expected at least a batch of 11",
  );
});

Deno.test("createBatchStream: pictures beyond a row's own stand behind them, by group", async () => {
  const grey = (value: number) => ({
    ...{ width: 8, height: 8 },
    data: new Uint8Array(192).fill(value),
  });
  let broken = false;
  const composer: Composer<"caption", "first" | "second"> = {
    name: "pictured",
    options: {},
    groups: { caption: 1 },
    pictures: { first: 2, second: 1 },
    rows: 1,
    compose: (index) =>
      Promise.resolve([{
        id: `example ${index}`,
        image: grey(index),
        normalization: { mean: [0, 0, 0], deviation: [1, 1, 1] },
        texts: { caption: [null] },
        images: {
          first: broken ? [null] : [grey(100 + index), index === 1 ? null : grey(200 + index)],
          second: [grey(50 + index)],
        },
      }]),
    with: () => composer,
  };
  const loss: Loss<"caption", "first" | "second", "frozen"> = {
    name: "seeing",
    options: {},
    needs: ["caption"],
    pictures: ["second", "first"],
    extras: ["frozen"],
    absent: { caption: "nothing" },
    compute: () => {
      throw new Error("not for work");
    },
    with: () => loss,
  };
  const of = objective("pictured", composer, loss);
  const batch = await stream(3, 3).next(of);
  const rows = batch.ids.map((id) => Number(id.replace("example ", "")));
  const shades = Array.from(
    { length: batch.pixels.length / 192 },
    (_, i) => Math.round(batch.pixels[192 * i]! * 255),
  );
  // The loss's order of groups, each row by row; what is not there is zeros.
  expect(shades).toEqual([
    ...rows,
    ...rows.map((row) => 50 + row),
    ...rows.flatMap((row) => [100 + row, row === 1 ? 0 : 200 + row]),
  ]);
  expect(batch.images).toEqual([
    { name: "second", count: 1, present: Float32Array.of(1, 1, 1) },
    {
      name: "first",
      count: 2,
      present: Float32Array.from(rows.flatMap((row) => [1, row === 1 ? 0 : 1])),
    },
  ]);
  // Another model is told what each row shows and says, a text that is not there by its stand-in.
  expect(batch.sources!.pictures.map(({ data }) => data[0])).toEqual(rows);
  expect(batch.sources!.texts).toEqual(["nothing", "nothing", "nothing"]);
  broken = true;
  await expect(stream(3, 3).next(of)).rejects.toThrow(
    /^pictured: expected 2 pictures "first" of row example \d, found 1$/,
  );
  // Without such a need a batch is what it was.
  expect(Object.keys(await stream(3, 3).next(plain))).toEqual([
    "ids",
    "pixels",
    "groups",
    "identity",
    "epoch",
    "next",
  ]);
});

Deno.test("createBatchStream: rows that come as embeddings, joined; of another length refused", async () => {
  const { dim } = model;
  let length = dim;
  const composer: Composer<"caption"> = {
    ...singleCaption(),
    composeEmbedded: (index) => {
      const filled = (value: number) => new Float32Array(length).fill(value);
      return Promise.resolve([{
        ...{ id: `example ${index}`, texts: { caption: [`${index}`] } },
        embeddings: { image: filled(index), texts: { caption: [filled(-index)] } },
      }]);
    },
  };
  const of = objective("embedded", composer, contrastive());
  const { ids, embedded } = await stream(3, 3).next(of);
  const rows = ids.map((id) => Number(id.replace("example ", "")));
  const repeated = (row: number) => new Array<number>(dim).fill(row);
  expect([...embedded!.image]).toEqual(rows.flatMap(repeated));
  expect([...embedded!.text]).toEqual(rows.flatMap((row) => repeated(-row)));
  for (length of [dim - 1, dim + 1]) {
    await expect(stream(3, 3).next(of)).rejects.toThrow(
      `objectives.embedded: singleCaption: expected embeddings of ${dim} values, as the model ` +
        `gives, found one of ${length}`,
    );
  }
});
