import { expect } from "expect";
import type { DataSet } from "../../../../core/dataset.ts";
import { PictureError } from "../../../../core/images/picture_error.ts";
import type { PictureOperation } from "../../../../core/images/operation.ts";
import type { Raster } from "../../../../core/images/raster.ts";
import { type Composer, objective } from "../../../../core/objective.ts";
import { type Batch, createBatchStream } from "../../../../core/training/loop/batches.ts";
import {
  comesAgain,
  keepRasters,
  rasterRoom,
} from "../../../../core/training/loop/kept_rasters.ts";
import { createRandom } from "../../../../core/random.ts";
import { contrastive } from "../../../../plugins/contrastive/contrastive.ts";
import { singleCaption } from "../../../../plugins/contrastive/single_caption.ts";
import { concatenate, halfOf } from "../../../../plugins/clic/concatenate.ts";
import { memoryDataSet } from "../../../helpers/memory_data_set.ts";
import { miniClip } from "../../../helpers/small_clip.ts";

const MIB = 2 ** 20;
const square: PictureOperation = { kind: "square", size: 2 };
/** Bytes of a square of 2 by 2 pixels. */
const SQUARE = 12;

/** Pictures of one colour, and what was asked of them; those of `broken` cannot be read. */
function watched(length: number, changes: Partial<DataSet> = {}, broken: readonly number[] = []) {
  const asked: string[] = [];
  const plain = memoryDataSet(Array.from({ length }, (_, i) => ({
    captions: [`picture ${i}`, `number ${i}`],
    picture: broken.includes(i)
      ? null
      : { width: i % 3 === 0 ? 4 : 8, height: 6, color: [10 * i, 255 - i, i] as const },
  })));
  const data: DataSet = {
    ...plain,
    pixels: (index, operation) => {
      asked.push(`${operation?.kind} ${index}`);
      return plain.pixels(index, operation);
    },
    ...changes,
  };
  return { data, plain, asked };
}

Deno.test("keepRasters: a square and a squashed picture are asked for once, others each time", async () => {
  const { data, plain, asked } = watched(3);
  const kept = keepRasters(data, MIB);
  const operations: readonly (PictureOperation | undefined)[] = [
    square,
    { kind: "square", size: 4 },
    { kind: "squash", width: 2, height: 4 },
    { kind: "full" },
    { kind: "cut", from: { left: 0, top: 0, width: 2, height: 2 }, size: 2 },
    undefined,
  ];
  for (const _ of [1, 2]) {
    for (const index of [1, 2]) {
      for (const operation of operations) {
        expect(await kept.pixels(index, operation)).toEqual(await plain.pixels(index, operation));
      }
    }
  }
  const others = ["full 1", "cut 1", "undefined 1", "full 2", "cut 2", "undefined 2"];
  expect(asked.slice(12)).toEqual(others);
  expect(asked.slice(0, 12)).toEqual([
    ...["square 1", "square 1", "squash 1", ...others.slice(0, 3)],
    ...["square 2", "square 2", "squash 2", ...others.slice(3)],
  ]);
});

Deno.test("keepRasters: those that came first stay where there is no room for more", async () => {
  const { data, asked } = watched(3);
  // Of three squares two have room.
  const kept = keepRasters(data, 2 * SQUARE + SQUARE - 1);
  for (const index of [0, 1, 2, 2, 0, 1, 2]) await kept.pixels(index, square);
  expect(asked).toEqual(["square 0", "square 1", "square 2", "square 2", "square 2"]);
  const none = keepRasters(data, 0);
  asked.length = 0;
  for (const _ of [1, 2]) await none.pixels(0, square);
  expect(asked.length).toBe(2);
});

Deno.test("keepRasters: a picture's opacity takes room too, and is kept with it", async () => {
  let asked = 0;
  const opaque: Raster = {
    ...{ width: 1, height: 1, indexed: true },
    ...{ data: Uint8Array.of(1, 2, 3), opacity: Uint8Array.of(4) },
  };
  const pixels = () => (asked++, Promise.resolve(opaque));
  for (const [room, times] of [[3, 2], [4, 1]] as const) {
    asked = 0;
    const kept = keepRasters(watched(1, { pixels }).data, room);
    for (const _ of [1, 2]) {
      const found = await kept.pixels(0, square);
      expect(found).toEqual(opaque);
      found.opacity!.fill(9);
    }
    expect(opaque.opacity).toEqual(Uint8Array.of(4));
    expect(asked).toBe(times);
  }
});

Deno.test("keepRasters: what is asked for twice at once is decoded once, with room or without", async () => {
  for (const room of [MIB, 0]) {
    const { data, plain, asked } = watched(2);
    const kept = keepRasters(data, room);
    const found = await Promise.all([0, 1, 0, 0].map((index) => kept.pixels(index, square)));
    expect(asked).toEqual(["square 0", "square 1"]);
    const [first, second] = [await plain.pixels(0, square), await plain.pixels(1, square)];
    expect(found).toEqual([first, second, first, first]);
  }
});

Deno.test("keepRasters: a picture that cannot be decoded is tried, and fails, each time", async () => {
  const { data, asked } = watched(2, {}, [1]);
  const kept = keepRasters(data, MIB);
  const failed = () => kept.pixels(1, square).catch((error) => error);
  for (const error of [await failed(), ...await Promise.all([failed(), failed()])]) {
    expect(error).toBeInstanceOf(PictureError);
    expect(error.message).toBe("picture 1: cannot be read");
  }
  expect(asked).toEqual(["square 1", "square 1"]);
  // One that throws in the place of rejecting rejects, and one that is there later is kept from then on.
  let calls = 0;
  const late = keepRasters(
    watched(1, {
      pixels: () => {
        if (calls++ === 0) throw new PictureError("late", "is not there yet");
        return Promise.resolve({ width: 1, height: 1, data: Uint8Array.of(1, 2, 3) });
      },
    }).data,
    MIB,
  );
  await expect(late.pixels(0, square)).rejects.toThrow("late: is not there yet");
  for (const _ of [1, 2]) expect([...(await late.pixels(0, square)).data]).toEqual([1, 2, 3]);
  expect(calls).toBe(2);
});

Deno.test("keepRasters: examples that share a picture get that of the first one", async () => {
  const { data, plain, asked } = watched(6, { pictureOf: (index) => 3 * Math.floor(index / 3) });
  const kept = keepRasters(data, MIB);
  const third = await plain.pixels(3, square);
  for (const index of [5, 4, 3, 5]) expect(await kept.pixels(index, square)).toEqual(third);
  await kept.pixels(1, square);
  expect(asked).toEqual(["square 3", "square 0"]);
});

Deno.test("keepRasters: who gets pixels may change them or send them away", async () => {
  const { data, plain, asked } = watched(1);
  const kept = keepRasters(data, MIB);
  const expected = await plain.pixels(0, square);
  const [first, second] = await Promise.all([kept.pixels(0, square), kept.pixels(0, square)]);
  first.data.fill(7);
  expect(second).toEqual(expected);
  structuredClone(second.data, { transfer: [second.data.buffer as ArrayBuffer] });
  expect(second.data.length).toBe(0);
  const third = await kept.pixels(0, square);
  expect(third).toEqual(expected);
  third.data.fill(9);
  expect(await kept.pixels(0, square)).toEqual(expected);
  expect(asked.length).toBe(1);
});

Deno.test("keepRasters: all else is the data's own, whatever they are made of", async () => {
  const { plain } = watched(4);
  class Own implements DataSet {
    #asked = 0;
    readonly name = "own";
    readonly length = 4;
    readonly faults = [];
    record(index: number) {
      return plain.record(index);
    }
    size(index: number) {
      return plain.size(index);
    }
    async pixels(index: number, operation?: PictureOperation) {
      this.#asked++;
      return await plain.pixels(index, operation);
    }
    fingerprint() {
      return Promise.resolve(`asked ${this.#asked} times`);
    }
    questionsOf(index: number) {
      return [this.record(index).id];
    }
  }
  for (const data of [new Own(), Object.freeze(new Own())]) {
    const kept: DataSet & { questionsOf?: Own["questionsOf"] } = keepRasters(data, MIB);
    for (const _ of [1, 2]) await kept.pixels(1, square);
    expect(await kept.fingerprint()).toBe("asked 1 times");
    expect([kept.name, kept.length, kept.faults]).toEqual(["own", 4, []]);
    expect(kept.record(2)).toEqual(plain.record(2));
    expect(await kept.size(2)).toEqual(await plain.size(2));
    expect("questionsOf" in kept && kept.questionsOf?.(3)).toEqual(["example 3"]);
    expect([kept.pictureOf, "pictureOf" in kept, kept.negatives])
      .toEqual([undefined, false, undefined]);
  }
  const frozen = keepRasters(Object.freeze(watched(2).data), MIB);
  expect(await frozen.pixels(1, square)).toEqual(await plain.pixels(1, square));
});

Deno.test("keepRasters: negatives have pictures of their own, in the same room", async () => {
  const other = watched(2);
  const shifted = memoryDataSet([{
    captions: ["other"],
    picture: { width: 4, height: 4, color: [1, 2, 3] },
  }]);
  const negatives: DataSet = {
    ...other.data,
    pixels: (index, operation) => {
      other.asked.push(`${operation?.kind} ${index}`);
      return shifted.pixels(0, operation);
    },
  };
  const { data, plain, asked } = watched(2, { negatives });
  const kept = keepRasters(data, 2 * SQUARE);
  expect(kept.negatives).toBe(kept.negatives);
  for (const _ of [1, 2]) {
    expect(await kept.pixels(0, square)).toEqual(await plain.pixels(0, square));
    expect(await kept.negatives!.pixels(0, square)).toEqual(await shifted.pixels(0, square));
    await kept.negatives!.pixels(1, square);
  }
  expect(asked).toEqual(["square 0"]);
  expect(other.asked).toEqual(["square 0", "square 1", "square 1"]);
});

Deno.test("comesAgain: in another epoch, or with another caption", () => {
  expect(comesAgain({ length: 12 }, { steps: 3, batch: 4 })).toBe(false);
  expect(comesAgain({ length: 12 }, { steps: 4, batch: 4 })).toBe(true);
  expect(comesAgain({ length: 12, pictureOf: () => 0 }, { steps: 1, batch: 1 })).toBe(true);
});

Deno.test("rasterRoom: a 32nd of a process's own memory, 512 MiB at most, 256 where it is not known", () => {
  const room = (memoryBytes?: number) =>
    rasterRoom({ limits: memoryBytes === undefined ? {} : { memoryBytes } }) / MIB;
  expect([room(2 ** 33), room(2 ** 30), room(2 ** 34), room(2 ** 40), room()])
    .toEqual([256, 32, 512, 512, 256]);
});

const model = miniClip(0);
/** Each picture above another one, drawn at random of those that can be read. */
const pairs: Composer<"caption"> = {
  ...singleCaption(),
  compose: async (index, { data, preprocessing, seed, epoch }) => {
    const partner = createRandom(seed, "pairs", epoch, index).pick([
      0,
      1,
      3,
      4,
      5,
      6,
      8,
      9,
      10,
      11,
    ]);
    const half = halfOf("wider", preprocessing.size);
    const [top, bottom] = await Promise.all([data.pixels(index, half), data.pixels(partner, half)]);
    return [{
      id: `${data.record(index).id} + ${data.record(partner).id}`,
      shows: [index, partner],
      image: concatenate(top, bottom, "wider"),
      texts: { caption: [data.record(index).captions[0]!] },
    }];
  },
};
const objectives = [
  objective("pairs", pairs, contrastive()),
  objective("plain", singleCaption({ caption: "random" }), contrastive()),
];

/** Seven batches of pairs and single pictures in turn, of 12 pictures of which two cannot be read. */
async function batches(rasterBytes?: number, changes: Partial<DataSet> = {}) {
  const { data, asked } = watched(12, changes, [2, 7]);
  const skipped: string[] = [];
  const stream = createBatchStream({
    ...{ data, model, batch: 5, seed: 4, from: { epoch: 0, position: 0 } },
    onSkip: ({ where, reason }) => skipped.push(`${where}: ${reason}`),
    ...(rasterBytes === undefined ? {} : { rasterBytes }),
  });
  const found: Batch[] = [];
  for (let i = 0; i < 7; i++) found.push(await stream.next(objectives[i % 2]!));
  return { found, skipped, asked };
}

Deno.test("createBatchStream: batches are the same with kept pictures, with little room, and without", async () => {
  const without = await batches();
  expect([...new Set(without.skipped)].toSorted()).toEqual([
    "example 2: picture 2: cannot be read",
    "example 7: picture 7: cannot be read",
  ]);
  const [most, some] = [await batches(MIB), await batches(600)];
  for (const { found, skipped } of [most, some]) {
    expect(found).toEqual(without.found);
    expect(skipped).toEqual(without.skipped);
  }
  // Ten pictures, each once as a square and once as a half.
  const once = most.asked.filter((each) => !/ (2|7)$/.test(each));
  expect(new Set(once).size).toBe(once.length);
  expect(once.length).toBeLessThanOrEqual(20);
  expect(without.asked.length).toBeGreaterThan(some.asked.length);
  expect(some.asked.length).toBeGreaterThan(most.asked.length);
});
