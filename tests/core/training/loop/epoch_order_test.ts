import { expect } from "expect";
import { createRandom } from "../../../../core/random.ts";
import { epochOrder } from "../../../../core/training/loop/epoch_order.ts";

Deno.test("epochOrder: the order in which an array is shuffled, of any length", () => {
  for (const length of [0, 1, 2, 96, 4096, 4097, 4098, 20_000]) {
    const items = Array.from({ length }, (_, i) => i);
    expect([...epochOrder({ length }, 7, 3)])
      .toEqual(createRandom(7, "order", 3).shuffle(items));
  }
});

const stretches = { starts: [0, 300, 310, 700], window: 50 };

Deno.test("epochOrder: within a window each example comes once, forward by less than the window", () => {
  const order = [...epochOrder({ length: 1000, stretches }, 7, 3)];
  expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
  // The stretches in the order in which their first examples come may be told from the sum of places.
  const lengths = [300, 10, 390, 300];
  const stretchOf = (index: number) => stretches.starts.findLastIndex((start) => start <= index);
  const meanPlace = (stretch: number) => {
    const places = [...order.keys()].filter((place) => stretchOf(order[place]!) === stretch);
    return places.reduce((sum, place) => sum + place, 0) / places.length;
  };
  const sequence = [0, 1, 2, 3].toSorted((a, b) => meanPlace(a) - meanPlace(b))
    .flatMap((stretch) =>
      Array.from({ length: lengths[stretch]! }, (_, i) => stretches.starts[stretch]! + i)
    );
  for (const [place, index] of order.entries()) {
    expect(place).toBeGreaterThan(sequence.indexOf(index) - stretches.window);
  }
  expect(order).not.toEqual(sequence);
});

Deno.test("epochOrder: within a window the seed and the epoch decide; a window of 1 keeps stretches", () => {
  const order = (seed: number, epoch: number) =>
    epochOrder({ length: 1000, stretches }, seed, epoch).join();
  expect(order(7, 3)).toBe(order(7, 3));
  expect(order(7, 4)).not.toBe(order(7, 3));
  expect(order(8, 3)).not.toBe(order(7, 3));
  const plain = epochOrder({ length: 1000, stretches: { ...stretches, window: 1 } }, 7, 3);
  const steps = [...plain].slice(1).filter((index, i) => index !== plain[i]! + 1);
  expect(steps.length).toBeLessThanOrEqual(3);
  // A window of all of them is no more than another way to shuffle.
  const all = epochOrder({ length: 1000, stretches: { ...stretches, window: 5000 } }, 7, 3);
  expect(new Set(all).size).toBe(1000);
});
