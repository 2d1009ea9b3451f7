import { expect } from "expect";
import type { AnyLoss } from "../../../../core/loss.ts";
import { lengthened, readGroups } from "../../../../core/training/loop/read_group.ts";

/** A loss of which only what it reads matters: a text is its letters' numbers. */
const reading = (length: number) =>
  ({
    reads: {
      label: { length, encode: (text: string) => [...text].map((each) => Number(each)) },
    },
  }) as unknown as AnyLoss;

Deno.test("readGroups: ids as long as the longest text, in steps; −1 behind the end and for none", () => {
  const read = (length: number) =>
    readGroups(reading(length), () => ["12", null, "345"], { label: 1 });
  const none = new Array(8).fill(-1);
  expect(read(77)).toEqual([{
    name: "label",
    count: 1,
    length: 8,
    ids: Float32Array.from([...[1, 2, ...none.slice(2)], ...none, ...[3, 4, 5, ...none.slice(3)]]),
  }]);
  // No longer than the loss reads.
  expect(read(2)).toEqual([
    { name: "label", count: 1, length: 2, ids: Float32Array.of(1, 2, -1, -1, 3, 4) },
  ]);
  expect(readGroups({} as AnyLoss, () => [], {})).toEqual([]);
});

Deno.test("lengthened: the same texts in more places", () => {
  const group = { name: "label", count: 2, length: 2, ids: Float32Array.of(1, 2, 3, -1) };
  expect(lengthened(group, 3))
    .toEqual({ name: "label", count: 2, length: 3, ids: Float32Array.of(1, 2, -1, 3, -1, -1) });
  expect(lengthened(group, 2)).toEqual(group);
});
