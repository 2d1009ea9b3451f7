import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import {
  batchNorm,
  batchNormNames,
  batchNormShapes,
  STATISTICS,
} from "../../../core/nn/batch_norm.ts";
import { selectTrained } from "../../../core/training/optimizers/select_parameters.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";

Deno.test("batchNorm: channels by their own mean, variance, gain and bias", async () => {
  const parameters: Record<string, ReturnType<typeof constant>> = {
    "bn.weight": constant([2, 10], [2]),
    "bn.bias": constant([1, 0], [2]),
    "bn.running_mean": constant([3, -1], [2]),
    "bn.running_var": constant([4, 1], [2]),
  };
  const x = constant([5, 3, 0, -1], [1, 2, 1, 2]);
  const normed = batchNorm(x, batchNormNames("bn"), (name) => parameters[name]!, 0);
  expect(await evaluateGraph(normed)).toEqual([3, 1, 10, 0]);
});

Deno.test("selectTrained: statistics stay, whatever is named", () => {
  const parameters = batchNormShapes(batchNormNames("visual.bn"), 2).map(([name, shape]) => ({
    ...{ name, shape, part: "image" as const },
    ...(STATISTICS.test(name) ? { fixed: true as const } : {}),
  }));
  for (const trained of [null, ["image"], ["visual.*"]]) {
    expect(selectTrained(parameters, { trained, frozen: [] }).map(({ name }) => name))
      .toEqual(["visual.bn.weight", "visual.bn.bias"]);
  }
});
