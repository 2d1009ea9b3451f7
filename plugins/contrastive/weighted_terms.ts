import { add, mul } from "../../core/graph/elementwise.ts";
import type { Tensor } from "../../core/graph/tensor.ts";
import type { LossResult } from "../../core/loss.ts";

/** The sum of a loss's terms by their weights, in the terms' order; one without a weight counts once. */
export function weightedTerms<Name extends string>(
  terms: Readonly<Record<Name, Tensor>>,
  weights: Readonly<Partial<Record<NoInfer<Name>, number>>>,
): LossResult {
  const parts = (Object.keys(terms) as Name[]).map((name) => {
    const weight = weights[name];
    return weight === undefined ? terms[name] : mul(terms[name], weight);
  });
  return { total: parts.reduce((sum, part) => add(sum, part)), terms };
}
