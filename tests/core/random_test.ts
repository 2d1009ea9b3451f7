import { createRandom } from "../../core/random.ts";
import { expect } from "expect";
import fc from "fast-check";

// All literals come from a second implementation, in Python with unbounded integers, written from
// PractRand's sfc32 and MurmurHash3's published constants.

const bits = (key: (number | string)[], count: number) => {
  const random = createRandom(...key);
  return Array.from({ length: count }, () => random.next() * 2 ** 32);
};

Deno.test("createRandom: a key gives the numbers of the independent implementation", () => {
  expect(bits([42, "pairs", 0, 17], 6)).toEqual(
    [1548044231, 1554813079, 3796839997, 1184695437, 240865425, 706549730],
  );
  expect(bits([], 3)).toEqual([1584710784, 4266401730, 1373804769]);
  expect(bits(["Zürich 🐱", 0.5, -3], 3)).toEqual([3477633918, 2781555055, 3005784661]);
});

Deno.test("createRandom: keys that differ in a part, its type or its place differ", () => {
  const keys = [[1], ["1"], [1, 0], [0, 1], [1, 1], ["1", 1], [11], ["a", "b"], ["ab"], ["b", "a"]];
  const firsts = keys.map((key) => bits(key, 2).join());
  expect(new Set(firsts).size).toBe(keys.length);
});

Deno.test("createRandom: two streams of one key do not disturb one another", () => {
  const [a, b] = [createRandom(7), createRandom(7)];
  const fromA = [a.next(), a.next()];
  expect([b.next(), b.next()]).toEqual(fromA);
});

Deno.test("integer: gives the numbers of the independent implementation, drawing again past the limit", () => {
  const small = createRandom(1);
  expect(Array.from({ length: 12 }, () => small.integer(10))).toEqual(
    [8, 6, 0, 4, 2, 3, 1, 6, 8, 8, 0, 3],
  );
  // The stream is 3482941118, 2013347316, 3759214710, 2743357374, 1701678842, 2692109373, …; the
  // only multiple of 3e9 below 2^32 is 3e9 itself, so the first and third are drawn again.
  const large = createRandom(1);
  expect(Array.from({ length: 4 }, () => large.integer(3_000_000_000))).toEqual(
    [2013347316, 2743357374, 1701678842, 2692109373],
  );
});

Deno.test("integer: every result is as frequent as any other", () => {
  const random = createRandom("uniformity");
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) counts[random.integer(10)]!++;
  // Chi-square with 9 degrees of freedom exceeds 27.88 once in a thousand uniform generators.
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(27.88);
});

Deno.test("integer: the ends of its range are allowed, what lies outside is not", () => {
  const random = createRandom(1);
  expect(random.integer(1)).toBe(0);
  // With 2^32 every draw is a result: the first of the stream, 3482941118, went to the 1 above.
  expect(random.integer(2 ** 32)).toBe(2013347316);
  for (const below of [0, -1, 1.5, NaN, Infinity, 2 ** 32 + 1]) {
    expect(() => random.integer(below)).toThrow(RangeError);
    expect(() => random.integer(below)).toThrow(
      `integer(below): expected a whole number from 1 to 2^32, found ${below}`,
    );
  }
});

Deno.test("coin: gives the lowest bits of the independent implementation", () => {
  const random = createRandom(7);
  expect(Array.from({ length: 10 }, () => Number(random.coin()))).toEqual(
    [0, 0, 0, 1, 0, 1, 1, 0, 1, 1],
  );
});

Deno.test("normal: gives the samples of the independent implementation", () => {
  const random = createRandom(7);
  for (const expected of [0.21524017959252315, -0.8508071723417862, 0.9935466191359448]) {
    expect(random.normal()).toBeCloseTo(expected, 12);
  }
});

Deno.test("normal: has mean 0 and variance 1", () => {
  const random = createRandom("normal");
  const samples = Array.from({ length: 40_000 }, () => random.normal());
  const mean = samples.reduce((a, b) => a + b) / samples.length;
  const variance = samples.reduce((a, b) => a + b * b, 0) / samples.length;
  // Four standard errors: 4 / sqrt(40,000) = 0.02 and, as the variance of x² is 2, 0.0283.
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.0283);
});

Deno.test("pick: gives the element of the independent implementation and refuses an empty list", () => {
  expect(createRandom(7).pick(["a", "b", "c"])).toBe("b");
  expect(() => createRandom(7).pick([])).toThrow(RangeError);
  expect(() => createRandom(7).pick([])).toThrow("pick(items): expected at least one item");
});

Deno.test("shuffle: gives the order of the independent implementation and leaves its argument", () => {
  const items = [..."abcdefgh"];
  expect(createRandom(7).shuffle(items).join("")).toBe("fdbceahg");
  expect(items.join("")).toBe("abcdefgh");
});

Deno.test("shuffle: is a permutation, and sample its beginning", () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), fc.nat(), (items, seed, n) => {
      const shuffled = createRandom(seed).shuffle(items);
      const byValue = (a: number, b: number) => a - b;
      expect(shuffled.toSorted(byValue)).toEqual(items.toSorted(byValue));
      const count = n % (items.length + 1);
      expect(createRandom(seed).sample(items, count)).toEqual(shuffled.slice(0, count));
    }),
    { seed: 3 },
  );
});

Deno.test("shuffle: every order of three is as frequent as any other", () => {
  const random = createRandom("orders");
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = random.shuffle(["a", "b", "c"]).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // Chi-square with 5 degrees of freedom exceeds 20.52 once in a thousand uniform generators.
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(20.52);
});

Deno.test("sample: refuses more than there are", () => {
  expect(() => createRandom(7).sample([1, 2], 3)).toThrow(RangeError);
  expect(() => createRandom(7).sample([1, 2], 3)).toThrow(
    "sample(items, count): expected a count from 0 to 2, found 3",
  );
});
