/**
 * The optimiser's programs: gradients in, new parameters out, all on the device.
 *
 * @module
 */
import { clip } from "../../graph/elementwise.ts";
import { input, sizeOf } from "../../graph/node.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { ParameterSpec } from "../../model.ts";
import type { Optimizer, ParameterGroup } from "../../optimizer.ts";
import type { Device, DeviceTensor } from "../../device/device.ts";
import { compileTyped } from "../../device/typed_program.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";

/** The optimiser's tensors: one map by parameter name for each of its slots. */
export type OptimizerSlots = ReadonlyMap<string, ReadonlyMap<string, DeviceTensor>>;

/** What {@linkcode createUpdates} needs. */
export interface UpdateOptions {
  /** Where the updates run. */
  readonly device: Device;
  /** The parameters that are updated. */
  readonly trained: readonly ParameterSpec[];
  /** Their values, which an update replaces. */
  readonly parameters: DeviceParameters;
  /** Their gradients by parameter name; zero after an update. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** The optimiser's tensors, which an update replaces. */
  readonly slots: OptimizerSlots;
  /** The update rule. */
  readonly optimizer: Optimizer;
}

/** Applies updates. */
export interface Updates {
  /**
   * One update of all trained parameters, after which the gradients are zero.
   *
   * @param step 1 for the first.
   */
  apply(lr: number, step: number): Promise<void>;
  /** Frees the numbers of the step. */
  dispose(): void;
}

/** Parameters of one program: bounds the memory of its intermediate results. */
const VALUES_A_PROGRAM = 2 ** 24;

/** Compiles the update of all trained parameters, a few at a time. */
export async function createUpdates(options: UpdateOptions): Promise<Updates> {
  const { device, trained, gradients, optimizer } = options;
  const groups = optimizer.groups(trained);
  const numbers = groups.map((group) => createNumbers(device, group));
  const held = {
    parameters: Object.fromEntries(options.parameters),
    gradients: Object.fromEntries(gradients),
    slots: Object.fromEntries(
      [...options.slots].map(([slot, tensors]) => [slot, Object.fromEntries(tensors)]),
    ),
    numbers,
  };
  const programs = await Promise.all(
    partition(trained).map((specs, part) =>
      device.programs.get(
        [optimizer, trained],
        `update ${part}`,
        () =>
          compileTyped(device, updateGraph(specs, groups, numbers, optimizer), { inPlace: true }),
      )
    ),
  );
  return {
    apply: async (lr, step) => {
      groups.forEach((group, i) => {
        for (const [name, value] of Object.entries(group.scalars(lr, step))) {
          numbers[i]![name]!.write(Float32Array.of(value));
        }
      });
      for (const program of programs) await program.run(held, held);
      for (const { name } of trained) gradients.get(name)!.clear();
    },
    dispose: () => {
      for (const each of numbers) Object.values(each).forEach((tensor) => tensor.dispose());
    },
  };
}

/** The numbers of a step that the parameters of a group share. */
type Numbers = Readonly<Record<string, DeviceTensor>>;

function createNumbers(device: Device, group: ParameterGroup): Numbers {
  const names = Object.keys(group.scalars(0, 1));
  return Object.fromEntries(names.map((name) => [name, device.zeros([], "float32")]));
}

function updateGraph(
  specs: readonly ParameterSpec[],
  groups: readonly ParameterGroup[],
  numbers: readonly Numbers[],
  optimizer: Optimizer,
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
    numbers: numbers.map((each, i) =>
      Object.fromEntries(
        Object.keys(each).map((name) => [name, input(`${name} of group ${i}`, "float32", [])]),
      )
    ),
  };
  const parameters: Record<string, Tensor> = {};
  const slots: Record<string, Record<string, Tensor>> = bySlot(() => ({}));
  for (const { name, limits } of specs) {
    const group = groups.findIndex((each) => each.parameters.some((spec) => spec.name === name));
    const updated = optimizer.update({
      parameter: inputs.parameters[name]!,
      gradient: inputs.gradients[name]!,
      slots: bySlot((slot) => inputs.slots[slot]![name]!),
      scalars: inputs.numbers[group]!,
    });
    parameters[name] = limits === undefined
      ? updated.parameter
      : clip(updated.parameter, limits[0], limits[1]);
    for (const slot of optimizer.slots) slots[slot]![name] = updated.slots[slot]!;
  }
  return { inputs, results: {}, updates: { parameters, slots } };
}

function partition(specs: readonly ParameterSpec[]): ParameterSpec[][] {
  const parts: ParameterSpec[][] = [];
  let room = 0;
  for (const spec of specs) {
    const size = sizeOf(spec.shape);
    if (size > room) {
      parts.push([]);
      room = VALUES_A_PROGRAM;
    }
    parts.at(-1)!.push(spec);
    room -= size;
  }
  return parts;
}
