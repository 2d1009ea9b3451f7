import { expect } from "expect";
import { dotRows, visitDots } from "../../../core/scoring/rows.ts";
import { createRandom } from "../../../core/random.ts";

Deno.test("visitDots: visits every pair once, with dotRows' value to the last bit", () => {
  const random = createRandom(1);
  const dim = 7;
  // Rows and columns that fill blocks of 2 × 4, that fill none, and that are none.
  for (const [rows, columns] of [[4, 8], [5, 9], [1, 3], [2, 11], [0, 4], [3, 0]] as const) {
    const a = Float32Array.from({ length: rows * dim }, () => random.normal());
    const b = Float32Array.from({ length: columns * dim }, () => random.normal());
    const seen = new Map<string, number>();
    visitDots(a, b, dim, (i, j, dot) => {
      expect(seen.has(`${i} ${j}`)).toBe(false);
      seen.set(`${i} ${j}`, dot);
    });
    expect(seen.size).toBe(rows * columns);
    for (const [pair, dot] of seen) {
      const [i, j] = pair.split(" ").map(Number) as [number, number];
      expect(dot).toBe(dotRows(a, i, b, j, dim));
    }
  }
});
