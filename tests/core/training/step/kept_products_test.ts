import { expect } from "expect";
import { add, mul } from "../../../../core/graph/elementwise.ts";
import { gradient } from "../../../../core/graph/gradient.ts";
import { matmul } from "../../../../core/graph/linear.ts";
import { input } from "../../../../core/graph/node.ts";
import { softmax } from "../../../../core/graph/softmax.ts";
import { keptProducts } from "../../../../core/training/step/kept_products.ts";

Deno.test("keptProducts: the products that a gradient needs, not what lies between, nor the last", () => {
  const [x, a, b] = ["x", "a", "b"].map((name) => input(name, "float32", [2, 2])) as [
    ReturnType<typeof input>,
    ReturnType<typeof input>,
    ReturnType<typeof input>,
  ];
  const first = matmul(x, a);
  const last = matmul(softmax(add(first, 1)), b);
  const output = mul(last, 2);
  const seed = input("seed", "float32", [2, 2]);
  // d/db needs the softmax and so its product; d/da the same; neither needs the last product's value.
  expect(keptProducts([output], gradient(output, [a, b], seed))).toEqual([first]);
  // Where the output is squared its gradient needs it, and all of the rest only by way of it.
  const squared = mul(last, last);
  expect(keptProducts([squared], gradient(squared, [x], seed)).length).toBe(2);
});
