import { expect } from "expect";
import {
  type AxisResize,
  resizeMatrix,
} from "../../../../../core/graph/onnx/rules/resize_matrix.ts";

const one: AxisResize = {
  from: 4,
  to: 8,
  scale: 2,
  mode: "linear",
  coordinates: "half_pixel",
  nearest: "round_prefer_floor",
  cubic: -0.75,
  excludeOutside: false,
  antialias: false,
  region: [0, 1],
};

Deno.test("resizeMatrix: rows add up to 1, and a length that stays is the identity", () => {
  for (const mode of ["nearest", "linear", "cubic"]) {
    for (const to of [3, 4, 7]) {
      for (const row of resizeMatrix({ ...one, mode, to, scale: to / 4 })) {
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      }
    }
    const same = resizeMatrix({ ...one, mode, to: 4, scale: 1 });
    expect(same.map((row) => row.map(Math.abs)))
      .toEqual([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
  }
});

Deno.test("resizeMatrix: twice as long, a place lies a quarter from its neighbour", () => {
  expect(resizeMatrix(one)[1]).toEqual([0.75, 0.25, 0, 0]);
  expect(resizeMatrix(one)[0]).toEqual([1, 0, 0, 0]);
  expect(resizeMatrix({ ...one, coordinates: "asymmetric" })[1]).toEqual([0.5, 0.5, 0, 0]);
});

Deno.test("resizeMatrix: modes that are not known are refused", () => {
  expect(() => resizeMatrix({ ...one, mode: "area" })).toThrow(/expected a mode that is known/);
  expect(() => resizeMatrix({ ...one, coordinates: "other" })).toThrow(/found other/);
  expect(() => resizeMatrix({ ...one, mode: "nearest", nearest: "up" })).toThrow(/found up/);
});
