import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import { add, div, mul, sqrt, sub } from "../../graph/elementwise.ts";
import type { Optimizer } from "../../optimizer.ts";
import { decayGroups, type GroupOptions, groupShape } from "./parameter_groups.ts";

const { lr, decay, groups, layerDecay } = groupShape;

const schema = z.strictObject({
  lr,
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.98]),
  eps: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0.1),
  decay,
  groups,
  layerDecay,
});

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2, as PyTorch's `torch.optim.AdamW`):
 * `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`,
 * `p ← p·(1 − lr·λ) − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)`.
 *
 * @param options.betas Decay of the averages of gradient and squared gradient. Default (0.9, 0.98),
 *   CLIP's.
 * @param options.eps Added to the root of the second moment. Default 1e-8.
 * @param options.weightDecay Decoupled weight decay. Default 0.1.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { adamw } from "@syntagma/syntagma/optimizers";
 *
 * const optimizer = adamw({ lr: 1e-6, weightDecay: 0.1 });
 * console.assert(optimizer.slots.length === 2);
 * ```
 */
export const adamw: (
  options: GroupOptions & {
    readonly betas?: readonly [number, number];
    readonly eps?: number;
    readonly weightDecay?: number;
  },
) => Optimizer = defineComponent({
  name: "adamw",
  schema,
  make: ({ betas: [beta1, beta2], eps, ...grouped }) => ({
    lr: grouped.lr,
    slots: ["first", "second"],
    groups: (parameters) =>
      decayGroups("adamw", grouped, parameters, (lr, decay, step) => ({
        // The corrections of both averages: lr/(1−β₁ᵗ) for the step, 1/(1−β₂ᵗ) under the root.
        rate: lr / (1 - beta1 ** step),
        second: 1 / (1 - beta2 ** step),
        keep: 1 - lr * decay,
      })),
    update: ({ parameter, gradient, slots, scalars }) => {
      const first = add(slots.first!, mul(sub(gradient, slots.first!), 1 - beta1));
      const squared = mul(gradient, gradient);
      const second = add(slots.second!, mul(sub(squared, slots.second!), 1 - beta2));
      const root = add(sqrt(mul(second, scalars.second!)), eps);
      const change = mul(div(first, root), scalars.rate!);
      return { parameter: sub(mul(parameter, scalars.keep!), change), slots: { first, second } };
    },
  }),
});
