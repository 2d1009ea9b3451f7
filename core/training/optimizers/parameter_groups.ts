/**
 * Groups of parameters with rates and decays of their own, as optimisers have them.
 *
 * @module
 */
import { z } from "zod";
import type { ParameterSpec } from "../../model.ts";
import type { ParameterGroup } from "../../optimizer.ts";
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
  { lr: peak, weightDecay, decay, groups }: Required<GroupOptions> & { weightDecay: number },
  parameters: readonly ParameterSpec[],
  scalars: (lr: number, decay: number, step: number) => Readonly<Record<string, number>>,
): readonly ParameterGroup[] {
  const decays = ({ shape }: ParameterSpec) => decay === "all" || shape.length >= 2;
  return partition(optimizer, parameters, groups).flatMap(({ members, own, name }) => {
    const group = (kind: string, parameters: readonly ParameterSpec[], decay: number) => ({
      name: `${name}, ${kind}`,
      parameters,
      scalars: (base: number, step: number) =>
        scalars(own.lr === undefined ? base : base * (own.lr / peak), decay, step),
    });
    return [
      group("decayed", members.filter(decays), own.weightDecay ?? weightDecay),
      group("spared", members.filter((each) => !decays(each)), 0),
    ].filter(({ parameters }) => parameters.length > 0);
  });
}

/** Each parameter with the first group that names it; the others have what the optimiser has. */
function partition(
  optimizer: string,
  parameters: readonly ParameterSpec[],
  groups: readonly Group[],
) {
  const named = groups.map((own, i) => {
    const name = `groups.${i}`;
    const where = `${optimizer}.${name}`;
    return { name, own, matches: parameterMatcher(where, own.parameters, parameters) };
  });
  const rest = { name: "others", own: {} as Pick<Group, "lr" | "weightDecay"> };
  const all = [...named, { ...rest, matches: () => true }];
  return all.map(({ name, own }, i) => ({
    name,
    own,
    members: parameters.filter((spec) => all.findIndex(({ matches }) => matches(spec)) === i),
  }));
}
