import { expect } from "expect";
import { isShare, type Shard, shareOf } from "../../core/shard.ts";

const shards = (count: number): Shard[] =>
  Array.from({ length: count }, (_, i) => ({ number: i + 1, count }));

Deno.test("shareOf: the parts one after another are the list, and begin at whole units", () => {
  for (const length of [0, 1, 7, 8, 9, 100]) {
    for (const count of [1, 2, 3, 8, 200]) {
      for (const unit of [1, 4, 10]) {
        const ranges = shards(count).map((shard) => shareOf(shard, length, unit));
        const places = ranges.flatMap(({ start, end }) =>
          Array.from({ length: end - start }, (_, i) => start + i)
        );
        expect(places).toEqual(Array.from({ length }, (_, i) => i));
        for (const { start, end } of ranges) {
          if (start < end) expect(start % unit).toBe(0);
          // No part is more than a unit larger than another.
          expect(end - start).toBeLessThanOrEqual(unit * (Math.floor(length / unit / count) + 1));
        }
      }
    }
  }
});

Deno.test("isShare: each place belongs to one part", () => {
  for (let place = 0; place < 20; place++) {
    expect(shards(7).filter((shard) => isShare(shard, place)).map(({ number }) => number))
      .toEqual([place % 7 + 1]);
  }
});
