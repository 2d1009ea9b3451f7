import { expect } from "expect";
import { createNumberRows } from "../../../plugins/captions/rows/number_rows.ts";
import { stretchesOf } from "../../../plugins/captions/stretches.ts";

/** Examples of files 0, 2 and 3, at these rows. */
const places = createNumberRows(2);
for (const [file, row] of [[0, 0], [0, 5], [0, 9], [2, 1], [3, 0], [3, 4]] as const) {
  places.add(file, row);
}

Deno.test("stretchesOf: where files begin, without those that have no example", () => {
  expect(stretchesOf({ window: 4 }, places, 5, (file) => [file, 0]))
    .toEqual({ starts: [0, 3, 4], window: 4 });
  expect(stretchesOf({ window: null }, places, 5, (file) => [file, 0])).toBe(undefined);
});

Deno.test("stretchesOf: where groups of rows inside files begin", () => {
  const groups = [[0, 0], [0, 5], [0, 6], [2, 0], [2, 2], [3, 0], [3, 3]] as const;
  expect(stretchesOf({ window: 4 }, places, groups.length, (group) => groups[group]!))
    .toEqual({ starts: [0, 1, 2, 3, 4, 5], window: 4 });
});
