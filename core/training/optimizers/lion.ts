import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import { add, mul, sign, sub } from "../../graph/elementwise.ts";
import type { Optimizer } from "../../optimizer.ts";
import { decayGroups, type GroupOptions, groupShape } from "./parameter_groups.ts";

const { lr, decay, groups, layerDecay } = groupShape;

const schema = z.strictObject({
  lr,
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.99]),
  weightDecay: z.number().min(0).default(0),
  decay,
  groups,
  layerDecay,
});

/**
 * Lion (Chen et al. 2023, algorithm 2): `p ← p·(1 − lr·λ) − lr·sign(β₁m + (1−β₁)g)`, then
 * `m ← β₂m + (1−β₂)g`. Every value moves by the whole rate, so that the rate is to be 3 to 10 times
 * smaller than AdamW's and the decay as much larger. It keeps one tensor a parameter where AdamW keeps
 * two.
 *
 * @param options.betas Share of the average in the direction of a step, and decay of that average.
 *   Default (0.9, 0.99).
 * @param options.weightDecay Decoupled weight decay. Default 0.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { lion } from "@syntagma/syntagma/optimizers";
 *
 * console.assert(lion({ lr: 1e-7, weightDecay: 1 }).slots.join() === "average");
 * ```
 */
export const lion: (
  options: GroupOptions & {
    readonly betas?: readonly [number, number];
    readonly weightDecay?: number;
  },
) => Optimizer = defineComponent({
  name: "lion",
  schema,
  make: ({ betas: [beta1, beta2], ...grouped }) => ({
    lr: grouped.lr,
    slots: ["average"],
    groups: (parameters) =>
      decayGroups("lion", grouped, parameters, (rate, decay) => ({
        rate,
        keep: 1 - rate * decay,
      })),
    update: ({ parameter, gradient, slots, scalars }) => {
      const average = slots.average!;
      const direction = sign(add(mul(average, beta1), mul(gradient, 1 - beta1)));
      return {
        parameter: sub(mul(parameter, scalars.keep!), mul(direction, scalars.rate!)),
        slots: { average: add(average, mul(sub(gradient, average), 1 - beta2)) },
      };
    },
  }),
});
