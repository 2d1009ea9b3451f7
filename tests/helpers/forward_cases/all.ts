import { convolutions } from "./convolutions.ts";
import { elementwise } from "./elementwise.ts";
import type { ForwardCase } from "./forward_case.ts";
import { moves } from "./moves.ts";
import { products } from "./products.ts";
import { reductions } from "./reductions.ts";

/** Every operator's value on small inputs, beside what plain arithmetic gives. */
export const forwardCases: readonly (readonly ForwardCase[])[] = [
  elementwise,
  reductions,
  products,
  convolutions,
  moves,
];
