import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import { add, mul, sub } from "../../graph/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Optimizer } from "../../optimizer.ts";
import { decayGroups, type GroupOptions, groupShape } from "./parameter_groups.ts";

const { lr, decay, groups, layerDecay } = groupShape;

const schema = z.strictObject({
  lr,
  momentum: z.number().min(0).lt(1).default(0.9),
  nesterov: z.boolean().default(false),
  weightDecay: z.number().min(0).default(0),
  decay,
  groups,
  layerDecay,
}).refine(({ momentum, nesterov }) => !nesterov || momentum > 0, {
  path: ["nesterov"],
  error: "false without momentum",
});

/**
 * Stochastic gradient descent with momentum, as PyTorch's `torch.optim.SGD`: `g ← g + λp`,
 * `v ← μv + g`, `p ← p − lr·v`; with Nesterov's momentum `p ← p − lr·(g + μv)`. It keeps one tensor a
 * parameter where AdamW keeps two, and none without momentum.
 *
 * @param options.momentum How much of the last step's direction goes into the next; 0 for plain
 *   descent. Default 0.9.
 * @param options.nesterov Whether the gradient is looked at one step ahead. Default false.
 * @param options.weightDecay Weight decay, added to the gradient as `λp`: not decoupled. Default 0.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { sgd } from "@syntagma/syntagma/optimizers";
 *
 * console.assert(sgd({ lr: 0.1 }).slots.length === 1);
 * console.assert(sgd({ lr: 0.1, momentum: 0 }).slots.length === 0);
 * ```
 */
export const sgd: (
  options: GroupOptions & {
    readonly momentum?: number;
    readonly nesterov?: boolean;
    readonly weightDecay?: number;
  },
) => Optimizer = defineComponent({
  name: "sgd",
  schema,
  make: ({ momentum, nesterov, ...grouped }) => ({
    lr: grouped.lr,
    slots: momentum === 0 ? [] : ["velocity"],
    groups: (parameters) =>
      decayGroups("sgd", grouped, parameters, (rate, decay) => ({ rate, decay })),
    update: ({ parameter, gradient, slots, scalars }) => {
      const slope = add(gradient, mul(parameter, scalars.decay!));
      const kept: Record<string, Tensor> = momentum === 0
        ? {}
        : { velocity: add(mul(slots.velocity!, momentum), slope) };
      const { velocity } = kept;
      const direction = velocity === undefined
        ? slope
        : nesterov
        ? add(slope, mul(velocity, momentum))
        : velocity;
      return { parameter: sub(parameter, mul(direction, scalars.rate!)), slots: kept };
    },
  }),
});
