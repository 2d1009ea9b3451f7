import { expect } from "expect";
import type { ParameterSpec } from "../../../core/model.ts";
import { placesOf } from "../../../core/processes/places.ts";

function spec(name: string, part: ParameterSpec["part"], length: number): ParameterSpec {
  return { name, part, shape: [length] };
}

Deno.test("placesOf: every process has about as much of each part of the model", () => {
  // By hand: 9 to process 0, 5 and 4 to process 1; then 3 to where all parts together are less.
  const parameters = [
    spec("a", "image", 4),
    spec("b", "image", 9),
    spec("c", "text", 3),
    spec("d", "image", 5),
    spec("e", "text", 2),
  ];
  expect(Object.fromEntries(placesOf(parameters, 2))).toEqual({ b: 0, d: 1, a: 1, c: 0, e: 1 });
  expect(new Set(placesOf(parameters, 1).values())).toEqual(new Set([0]));
  // More processes than parameters: some have none.
  expect([...placesOf(parameters, 9).keys()].length).toBe(5);
});

Deno.test("placesOf: no process has more than its share and the largest parameter", () => {
  const parameters = Array.from(
    { length: 200 },
    (_, i) => spec(`${i}`, "image", 1 + (i * 7919) % 1000),
  );
  const total = parameters.reduce((sum, { shape }) => sum + shape[0]!, 0);
  for (const size of [2, 3, 7]) {
    const loads = new Array<number>(size).fill(0);
    const places = placesOf(parameters, size);
    for (const { name, shape } of parameters) loads[places.get(name)!]! += shape[0]!;
    expect(Math.max(...loads)).toBeLessThan(total / size + 1000);
    expect(Math.min(...loads)).toBeGreaterThan(total / size - 1000);
  }
});
