import { expect } from "expect";
import { PictureError } from "../../../core/images/picture_error.ts";
import { embedReadable } from "../../../core/scoring/embed_readable.ts";
import type { Encoder } from "../../../core/evaluator.ts";

/** Gives a picture's width and height as its embedding. */
const encoder: Encoder = {
  dim: 2,
  images: async (count, picture) => {
    const rows = new Float32Array(2 * count);
    for (let i = 0; i < count; i++) {
      const { width, height } = await picture(i);
      rows.set([width, height], 2 * i);
    }
    return rows;
  },
  texts: () => Promise.reject(new Error("no text is asked for")),
};

Deno.test("embedReadable: what cannot be decoded is left out and told; other errors are errors", async () => {
  const read = (place: number) =>
    place === 1
      ? Promise.reject(new PictureError("b.jpg", "is none"))
      : Promise.resolve({ width: place + 2, height: 7, data: new Uint8Array() });
  const found = await embedReadable(encoder, 3, read, (place) => `${place}`);
  expect([...found.rows]).toEqual([2, 7, 4, 7]);
  expect(found.kept).toEqual([0, 2]);
  expect([...found.broken].map(([place, { message }]) => [place, message]))
    .toEqual([[1, "b.jpg: is none"]]);
  const fails = () => Promise.reject(new TypeError("a fault of the program"));
  await expect(embedReadable(encoder, 1, fails, String)).rejects.toThrow("a fault of the program");
});
