/**
 * Groups of parameters with rates and decays of their own, as optimisers have them.
 *
 * @module
 */
import { z } from "zod";
import type { ParameterSpec } from "../../model.ts";
import type { ParameterGroup } from "../../optimizer.ts";
import { layersBehind } from "./layers_behind.ts";
import { parameterMatcher } from "./select_parameters.ts";

/** Options that optimisers have in common. */
export interface GroupOptions {
  /** Peak learning rate. */
  readonly lr: number;
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
    /** Weight decay, of what decays. Default: the optimiser's. */
    readonly weightDecay?: number;
  }[];
  /**
   * The factor on the rate from each layer of a tower to the one before it, from the last trained one
   * back; what stands before the first layer has it once more, what stands behind the last one the whole
   * rate. Default 1: all layers have one rate.
   */
  readonly layerDecay?: number;
}

/** The same for their schemas. */
export const groupShape = {
  lr: z.number().positive(),
  decay: z.enum(["matrices", "all"]).default("matrices"),
  groups: z.array(z.strictObject({
    parameters: z.array(z.string().regex(/\S/)).min(1),
    lr: z.number().min(0).exactOptional(),
    weightDecay: z.number().min(0).exactOptional(),
  })).default([]),
  layerDecay: z.number().positive().max(1).default(1),
};

type Group = NonNullable<GroupOptions["groups"]>[number];

/**
 * The parameters that are trained as an optimiser's options group them: each group in two, what decays
 * and what is spared.
 *
 * @param optimizer Its name, for errors.
 * @param scalars The numbers of a step, by the group's rate at it and its decay.
 * @throws {RangeError} if a group names none of them.
 */
export function decayGroups(
  optimizer: string,
  { lr: peak, weightDecay, decay, ...grouping }: Required<GroupOptions> & { weightDecay: number },
  parameters: readonly ParameterSpec[],
  scalars: (lr: number, decay: number, step: number) => Readonly<Record<string, number>>,
): readonly ParameterGroup[] {
  const decays = ({ shape }: ParameterSpec) => decay === "all" || shape.length >= 2;
  return partition(optimizer, parameters, grouping).flatMap(({ members, own, name, factor }) => {
    const group = (kind: string, parameters: readonly ParameterSpec[], decay: number) => ({
      name: `${name}, ${kind}`,
      parameters,
      scalars: (base: number, step: number) =>
        scalars(factor * (own.lr === undefined ? base : base * (own.lr / peak)), decay, step),
    });
    return [
      group("decayed", members.filter(decays), own.weightDecay ?? weightDecay),
      group("spared", members.filter((each) => !decays(each)), 0),
    ].filter(({ parameters }) => parameters.length > 0);
  });
}

/**
 * Each parameter with the first group that names it, the others with what the optimiser has; in every
 * group those of one depth by themselves, where rates follow it.
 */
function partition(
  optimizer: string,
  parameters: readonly ParameterSpec[],
  { groups, layerDecay }: Required<Pick<GroupOptions, "groups" | "layerDecay">>,
) {
  const named = groups.map((own, i) => {
    const name = `groups.${i}`;
    const where = `${optimizer}.${name}`;
    return { name, own, matches: parameterMatcher(where, own.parameters, parameters) };
  });
  const rest = { name: "others", own: {} as Pick<Group, "lr" | "weightDecay"> };
  const all = [...named, { ...rest, matches: () => true }];
  const depths = layerDecay === 1 ? undefined : layersBehind(optimizer, parameters);
  return all.flatMap(({ name, own }, i) => {
    const members = parameters.filter((spec) =>
      all.findIndex(({ matches }) => matches(spec)) === i
    );
    if (depths === undefined) return [{ name, own, members, factor: 1 }];
    return [...Map.groupBy(members, (spec) => depths.get(spec)!)].map(([depth, members]) => ({
      ...{ name: `${name}, times ${layerDecay ** depth}`, own, members },
      factor: layerDecay ** depth,
    }));
  });
}
