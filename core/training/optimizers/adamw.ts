import { z } from "zod";
import { defineComponent } from "../../define_component.ts";
import { add, div, mul, sqrt, sub } from "../../graph/elementwise.ts";
import type { ParameterSpec } from "../../model.ts";
import type { Optimizer } from "../../optimizer.ts";
import { layersBehind } from "./layers_behind.ts";
import { parameterMatcher } from "./select_parameters.ts";

/** Options of {@linkcode adamw}. */
export interface AdamWOptions {
  /** Peak learning rate. */
  readonly lr: number;
  /** Decay of the averages of gradient and squared gradient. Default (0.9, 0.98), CLIP's. */
  readonly betas?: readonly [number, number];
  /** Added to the root of the second moment. Default 1e-8. */
  readonly eps?: number;
  /** Decoupled weight decay. Default 0.1. */
  readonly weightDecay?: number;
  /**
   * What decays: `"matrices"` spares parameters with fewer than two axes (biases, norms, the logit
   * scale), `"all"` nothing. Default `"matrices"`.
   */
  readonly decay?: "matrices" | "all";
  /**
   * Groups of parameters with a rate or a decay of their own; a parameter is in the first one that
   * names it. Default: none.
   */
  readonly groups?: readonly {
    /** Parts of the model (`"text"`) or patterns of parameter names, in which `*` stands for anything. */
    readonly parameters: readonly string[];
    /** Peak learning rate; the schedule scales it as it does the others'. Default: the optimiser's. */
    readonly lr?: number;
    /** Decoupled weight decay, of what decays. Default: the optimiser's. */
    readonly weightDecay?: number;
  }[];
  /**
   * The factor on the rate from each layer of a tower to the one before it, from the last trained one
   * back; what stands before the first layer has it once more, what stands behind the last one the whole
   * rate. Default 1: all layers have one rate.
   */
  readonly layerDecay?: number;
}

type AdamWGroup = NonNullable<AdamWOptions["groups"]>[number];

const schema = z.strictObject({
  lr: z.number().positive(),
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.98]),
  eps: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0.1),
  decay: z.enum(["matrices", "all"]).default("matrices"),
  groups: z.array(z.strictObject({
    parameters: z.array(z.string().regex(/\S/)).min(1),
    lr: z.number().min(0).exactOptional(),
    weightDecay: z.number().min(0).exactOptional(),
  })).default([]),
  layerDecay: z.number().positive().max(1).default(1),
});

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2, as PyTorch's `torch.optim.AdamW`):
 * `m ← β₁m + (1−β₁)g`, `v ← β₂v + (1−β₂)g²`,
 * `p ← p·(1 − lr·λ) − lr · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)`.
 *
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
export const adamw: (options: AdamWOptions) => Optimizer = defineComponent({
  name: "adamw",
  schema,
  make: ({ lr: peak, betas: [beta1, beta2], eps, weightDecay, decay, groups, layerDecay }) => ({
    lr: peak,
    slots: ["first", "second"],
    groups: (parameters) => {
      const decays = ({ shape }: ParameterSpec) => decay === "all" || shape.length >= 2;
      return partition(parameters, groups, layerDecay).flatMap(({ members, own, name, factor }) => {
        const group = (kind: string, parameters: readonly ParameterSpec[], decay: number) => ({
          name: `${name}, ${kind}`,
          parameters,
          scalars: (base: number, step: number) => {
            const lr = factor * (own.lr === undefined ? base : base * (own.lr / peak));
            return {
              // The corrections of both averages: lr/(1−β₁ᵗ) for the step, 1/(1−β₂ᵗ) under the root.
              rate: lr / (1 - beta1 ** step),
              second: 1 / (1 - beta2 ** step),
              keep: 1 - lr * decay,
            };
          },
        });
        return [
          group("decayed", members.filter(decays), own.weightDecay ?? weightDecay),
          group("spared", members.filter((each) => !decays(each)), 0),
        ].filter(({ parameters }) => parameters.length > 0);
      });
    },
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

/**
 * Each parameter with the first group that names it, the others with what the optimiser has; in every
 * group those of equal factors by themselves.
 */
function partition(
  parameters: readonly ParameterSpec[],
  groups: readonly AdamWGroup[],
  layerDecay: number,
) {
  const named = groups.map((own, i) => {
    const name = `groups.${i}`;
    return { name, own, matches: parameterMatcher(`adamw.${name}`, own.parameters, parameters) };
  });
  const rest = { name: "others", own: {} as Pick<AdamWGroup, "lr" | "weightDecay"> };
  const all = [...named, { ...rest, matches: () => true }];
  const heights = layerDecay === 1 ? undefined : layersBehind(parameters);
  return all.flatMap(({ name, own }, i) => {
    const together = parameters.filter((spec) =>
      all.findIndex(({ matches }) => matches(spec)) === i
    );
    if (heights === undefined) return [{ name, own, members: together, factor: 1 }];
    return [...Map.groupBy(together, (spec) => heights.get(spec)!)].map(([height, members]) => ({
      name: `${name}, times ${layerDecay ** height}`,
      own,
      members,
      factor: layerDecay ** height,
    }));
  });
}
