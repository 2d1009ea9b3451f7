import { expect } from "expect";
import type { AnyLoss } from "../../../core/loss.ts";
import { sizedTest } from "../../../plugins/authoring/sized_test.ts";

const loss = {
  name: "literal",
  needs: ["caption", "negative"],
  pictures: ["other"],
  reads: { read: { length: 3, encode: () => [] } },
} as unknown as AnyLoss;

Deno.test("sizedTest: one of each group, and as many rows as the embeddings have", () => {
  const once = { groups: { caption: 1, negative: 1, read: 1 }, pictures: { other: 1 } };
  expect(sizedTest(loss, {})).toEqual({ ...once, batch: 3, dim: 4 });
  const embeddings = { image: [1, 2, 3, 4, 5, 6], text: {} };
  expect(sizedTest(loss, { embeddings, dim: 3 })).toEqual({
    ...once,
    embeddings,
    batch: 2,
    dim: 3,
  });
  const given = { batch: 7, dim: 5, groups: { caption: 2 }, pictures: {} };
  expect(sizedTest(loss, given)).toEqual(given);
  expect(() => sizedTest(loss, { embeddings })).toThrow(
    "testLoss of literal: embeddings.image: expected rows of 4 numbers, found 6 numbers",
  );
});
