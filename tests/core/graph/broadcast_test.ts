import { expect } from "expect";
import fc from "fast-check";
import { add } from "../../../core/graph/elementwise.ts";
import { broadcastShapes } from "../../../core/graph/broadcast.ts";
import { gradient } from "../../../core/graph/gradient.ts";
import { input } from "../../../core/graph/node.ts";

// Shapes are made from their common result: each operand drops some leading axes and lets some
// others be 1. Where both let an axis be 1, the result has 1 there too.
const axis = fc.record({
  length: fc.integer({ min: 2, max: 5 }),
  a: fc.boolean(),
  b: fc.boolean(),
});
const shapes = fc.record({
  axes: fc.array(axis, { maxLength: 5 }),
  drop: fc.nat(5),
  first: fc.boolean(),
}).map(({ axes, drop, first }) => {
  const kept = Math.min(drop, axes.length);
  const a = axes.map(({ length, a }) => a ? 1 : length);
  const b = axes.map(({ length, b }) => b ? 1 : length);
  const result = axes.map((_, i) => {
    const seen = i >= kept ? [a[i]!, b[i]!] : first ? [b[i]!] : [a[i]!];
    return Math.max(...seen);
  });
  return first ? { a: a.slice(kept), b, result } : { a, b: b.slice(kept), result };
});

Deno.test("broadcastShapes: shapes made from a common one stretch to it", () => {
  fc.assert(fc.property(shapes, ({ a, b, result }) => {
    expect(broadcastShapes("Add", a, b)).toEqual(result);
    expect(broadcastShapes("Add", b, a)).toEqual(result);
  }));
});

Deno.test("broadcastShapes: a shape stretches with itself and with none", () => {
  fc.assert(fc.property(fc.array(fc.nat(4), { maxLength: 5 }), (shape) => {
    expect(broadcastShapes("Add", shape, shape)).toEqual(shape);
    expect(broadcastShapes("Add", shape, [])).toEqual(shape);
  }));
});

Deno.test("broadcastShapes: axes that differ and are not 1 are refused, with both shapes", () => {
  const clash = fc.record({
    shape: fc.array(fc.integer({ min: 2, max: 5 }), { minLength: 1 }),
    at: fc.nat(),
  });
  fc.assert(fc.property(clash, ({ shape, at }) => {
    const wrong = shape.with(at % shape.length, 7);
    const attempt = () => broadcastShapes("Add", shape, wrong);
    expect(attempt).toThrow(TypeError);
    expect(attempt).toThrow(`Add: shapes [${shape.join(", ")}] and [${wrong.join(", ")}]`);
  }));
});

Deno.test("gradient: of stretched operands has their own shapes", () => {
  fc.assert(fc.property(shapes, ({ a, b, result }) => {
    const x = input("x", "float32", a);
    const y = input("y", "float32", b);
    const seed = input("seed", "float32", result);
    const [dx, dy] = gradient(add(x, y), [x, y], seed);
    expect(dx!.shape).toEqual(a);
    expect(dy!.shape).toEqual(b);
  }));
});
