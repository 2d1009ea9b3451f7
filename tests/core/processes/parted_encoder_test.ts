import { expect } from "expect";
import fc from "fast-check";
import { EmbeddingError } from "../../../core/embedding_error.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { partedEncoder, partOf } from "../../../core/processes/parted_encoder.ts";
import { joinedExchanges } from "../../helpers/joined_exchange.ts";

const raster = (value: number): Raster => ({
  width: 1,
  height: 1,
  data: Uint8Array.of(value, value, value),
});

/** Rows of a picture's value or a text's length, and how many were embedded together. */
function countingEncoder(asked: number[]): Encoder {
  return {
    dim: 2,
    images: async (count, picture) => {
      const rows: number[] = [];
      for (let i = 0; i < count; i++) {
        const { data } = await picture(i);
        asked.push(data[0]!);
        if (data[0] === 99) throw new EmbeddingError("image tower", i, "has length 0");
        rows.push(data[0]!, count);
      }
      return Float32Array.from(rows);
    },
    texts: (texts) =>
      Promise.resolve(Float32Array.from(texts.flatMap((text) => [text.length, texts.length]))),
  };
}

Deno.test("partOf: parts are whole blocks, one after another, that together are the list", () => {
  fc.assert(fc.property(
    fc.nat(200),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 9 }),
    (count, block, size) => {
      let next = 0;
      for (let rank = 0; rank < size; rank++) {
        const { first, length } = partOf(count, block, { rank, size });
        expect(first).toBe(next);
        if (next < count) expect(first % block).toBe(0);
        next += length;
      }
      expect(next).toBe(count);
    },
  ));
});

Deno.test("partedEncoder: all have the rows of one process; each has asked for its own pictures", async () => {
  const texts = ["a", "bb", "ccc", "dddd", "eeeee"];
  const one = countingEncoder([]);
  const blocks = { pictures: 3, texts: 2 };
  const asked: number[][] = [[], []];
  const found = await Promise.all(
    joinedExchanges(2).map(async (exchange, rank) => {
      const encoder = partedEncoder(countingEncoder(asked[rank]!), exchange, blocks);
      return [
        await encoder.images(8, (i) => Promise.resolve(raster(10 + i))),
        await encoder.texts(texts),
      ];
    }),
  );
  // 8 pictures in blocks of 3 are 3 + 3 + 2: the first process has one block, the second two.
  expect(asked).toEqual([[10, 11, 12], [13, 14, 15, 16, 17]]);
  const images = [10, 3, 11, 3, 12, 3, 13, 3, 14, 3, 15, 3, 16, 2, 17, 2];
  for (const [rows, lines] of found) {
    expect([...rows!]).toEqual(images);
    expect([...lines!]).toEqual([1, 2, 2, 2, 3, 2, 4, 2, 5, 1]);
  }
  expect((await one.texts(texts)).length).toBe(10);
});

Deno.test("partedEncoder: a row that is wrong is named in all processes by its place in the list", async () => {
  const settled = await Promise.allSettled(
    joinedExchanges(2).map((exchange) => {
      const encoder = partedEncoder(countingEncoder([]), exchange, { pictures: 2 });
      return encoder.images(6, (i) => Promise.resolve(raster(i === 5 ? 99 : i)));
    }),
  );
  for (const each of settled) {
    const { reason } = each as PromiseRejectedResult;
    expect(reason).toBeInstanceOf(EmbeddingError);
    expect(reason.message).toMatch(/picture 5 has length 0/);
  }
});
