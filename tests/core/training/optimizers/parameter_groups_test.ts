import { expect } from "expect";
import { decayGroups } from "../../../../core/training/optimizers/parameter_groups.ts";
import type { ParameterSpec } from "../../../../core/model.ts";

Deno.test("decayGroups: a group's rate follows the schedule, and what is spared does not decay", () => {
  const specs: readonly ParameterSpec[] = [
    { name: "a.weight", shape: [2, 2], part: "text" },
    { name: "a.bias", shape: [2], part: "text" },
    { name: "b.weight", shape: [2, 2], part: "image" },
  ];
  const options = {
    lr: 0.4,
    weightDecay: 0.1,
    decay: "matrices",
    groups: [{ parameters: ["image"], lr: 0.2, weightDecay: 0.5 }],
    layerDecay: 1,
  } as const;
  const groups = decayGroups("x", options, specs, (rate, decay) => ({ rate, decay }));
  // Half of the peak of 0.4, and so half of the group's 0.2.
  const found = groups.map((each) => [each.name, each.parameters.length, each.scalars(0.2, 1)]);
  expect(found).toEqual([
    ["groups.0, decayed", 1, { rate: 0.1, decay: 0.5 }],
    ["others, decayed", 1, { rate: 0.2, decay: 0.1 }],
    ["others, spared", 1, { rate: 0.2, decay: 0 }],
  ]);
});
