import type { Device } from "../../core/device/device.ts";
import { compareGradients, disagreement, tolerances } from "../../core/graph/finite_differences.ts";
import { gradientCases, secondDerivativeCases } from "../../tests/helpers/graph_gradient_cases.ts";

/** What came of the comparison with finite differences. */
export interface RulesReport {
  /** Rules that were compared. */
  readonly compared: number;
  /** The largest disagreement of one that agrees. */
  readonly worst: number;
  /** Those that do not agree. */
  readonly wrong: readonly { readonly name: string; readonly disagreement: number }[];
}

/** Compares every gradient rule with finite differences on a device. */
export async function checkRules(device: Device): Promise<RulesReport> {
  const found: { readonly name: string; readonly disagreement: number }[] = [];
  for (const cases of [...Object.values(gradientCases), ...Object.values(secondDerivativeCases)]) {
    for (const comparison of await compareGradients(device, cases, "float32")) {
      found.push({ name: comparison.name, disagreement: disagreement(comparison) });
    }
  }
  const agrees = (each: { readonly disagreement: number }) =>
    each.disagreement <= tolerances.float32;
  return {
    compared: found.length,
    worst: Math.max(...found.filter(agrees).map(({ disagreement }) => disagreement)),
    wrong: found.filter((each) => !agrees(each)),
  };
}
