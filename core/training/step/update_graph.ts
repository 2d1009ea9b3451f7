/**
 * The graph of an optimiser's update.
 *
 * @module
 */
import { add, clip, mul, sub } from "../../graph/elementwise.ts";
import { reshape } from "../../graph/linear.ts";
import { input, sizeOf } from "../../graph/node.ts";
import { concat, split } from "../../graph/shape.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { ParameterSpec } from "../../model.ts";
import type { Optimizer, ParameterGroup } from "../../optimizer.ts";
import type { Recipe } from "../../recipe.ts";

/** The numbers of a step that the parameters of a group share. */
export type Numbers<T> = Readonly<Record<string, T>>;

/** What an update does beside the numbers of its step. */
export interface UpdateRule {
  readonly optimizer: Optimizer;
  /** Whether gradients are multiplied by a number that is given with the step. */
  readonly scaled: boolean;
  readonly average: Recipe["average"];
  /**
   * Whether small parameters of a group are updated as one: a GPU needs as long to begin with a
   * parameter as to update some ten thousand values.
   */
  readonly bundled: boolean;
}

/** Parameters of fewer values are small. */
const SMALL = 2 ** 16;

/** The graph that updates some parameters; `numbers` are those of the groups. */
export function updateGraph(
  specs: readonly ParameterSpec[],
  groups: readonly ParameterGroup[],
  numbers: readonly Numbers<unknown>[],
  { optimizer, scaled, average, bundled }: UpdateRule,
) {
  const symbols = (kind: string) =>
    Object.fromEntries(
      specs.map(({ name, shape }) =>
        [name, input(`${kind} of ${name}`, "float32", shape)] as const
      ),
    );
  const bySlot = <T>(valueOf: (slot: string) => T) =>
    Object.fromEntries(optimizer.slots.map((slot) => [slot, valueOf(slot)]));
  const inputs = {
    parameters: symbols("value"),
    gradients: symbols("gradient"),
    slots: bySlot(symbols),
    averages: average === null ? {} : symbols("average"),
    scale: scaled ? { scale: input("scale of gradients", "float32", []) } : {},
    numbers: numbers.map((each, i) =>
      Object.fromEntries(
        Object.keys(each).map((name) => [name, input(`${name} of group ${i}`, "float32", [])]),
      )
    ),
  };
  const parameters: Record<string, Tensor> = {};
  const slots: Record<string, Record<string, Tensor>> = bySlot(() => ({}));
  const averages: Record<string, Tensor> = {};
  const groupOf = ({ name }: ParameterSpec) =>
    groups.findIndex((each) => each.parameters.some((spec) => spec.name === name));
  for (const members of bundled ? bundle(specs, groupOf) : specs.map((spec) => [spec])) {
    const gradient = join(members, inputs.gradients);
    const updated = optimizer.update({
      parameter: join(members, inputs.parameters),
      gradient: inputs.scale.scale === undefined ? gradient : mul(gradient, inputs.scale.scale),
      slots: bySlot((slot) => join(members, inputs.slots[slot]!)),
      scalars: inputs.numbers[groupOf(members[0]!)]!,
    });
    Object.assign(parameters, part(members, updated.parameter));
    const limited = members.filter(({ limits }) => limits !== undefined);
    for (const { name, limits } of limited) {
      parameters[name] = clip(parameters[name]!, limits![0], limits![1]);
    }
    for (const slot of optimizer.slots) {
      Object.assign(slots[slot]!, part(members, updated.slots[slot]!));
    }
    if (average !== null) {
      const before = join(members, inputs.averages);
      const now = limited.length === 0 ? updated.parameter : join(members, parameters);
      const after = add(before, mul(sub(now, before), 1 - average.decay));
      Object.assign(averages, part(members, after));
    }
  }
  return { inputs, results: {}, updates: { parameters, slots, averages } };
}

/** Small parameters of one group together; all others alone. */
function bundle(
  specs: readonly ParameterSpec[],
  groupOf: (spec: ParameterSpec) => number,
): readonly (readonly ParameterSpec[])[] {
  const keys = Map.groupBy(
    specs,
    (spec) => sizeOf(spec.shape) < SMALL ? groupOf(spec) : spec.name,
  );
  return [...keys.values()];
}

function join(
  members: readonly ParameterSpec[],
  tensors: Readonly<Record<string, Tensor>>,
): Tensor {
  if (members.length === 1) return tensors[members[0]!.name]!;
  return concat(members.map(({ name }) => reshape(tensors[name]!, [-1])), 0);
}

function part(members: readonly ParameterSpec[], joined: Tensor): Record<string, Tensor> {
  if (members.length === 1) return { [members[0]!.name]: joined };
  const parts = split(joined, members.map(({ shape }) => sizeOf(shape)), 0);
  return Object.fromEntries(
    members.map(({ name, shape }, i) => [name, reshape(parts[i]!, shape)]),
  );
}
