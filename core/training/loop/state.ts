/**
 * What training keeps on the device from step to step.
 *
 * @module
 */
import type { LossState } from "../../loss.ts";
import type { ParameterSpec } from "../../model.ts";
import type { Objective } from "../../objective.ts";
import type { Optimizer } from "../../optimizer.ts";
import type { Device, DeviceTensor } from "../../device/device.ts";
import { sizeOf } from "../../graph/node.ts";
import type { DeviceParameters } from "../../towers/device_parameters.ts";
import type { OptimizerSlots } from "../step/updates.ts";

/** Parameters, sums of gradients, the optimiser's slots and the losses' state. */
export interface TrainingState {
  /** All parameters of the model, trained or not. */
  readonly parameters: DeviceParameters;
  /** Those that training changes. */
  readonly trained: readonly ParameterSpec[];
  /** Zero between steps. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** The optimiser's own tensors for each trained parameter. */
  readonly slots: OptimizerSlots;
  /** By objective name, then by the name in the loss. */
  readonly losses: ReadonlyMap<string, ReadonlyMap<string, DeviceTensor>>;
}

/** The state before the first step. */
export function createTrainingState(options: {
  readonly device: Device;
  readonly parameters: DeviceParameters;
  readonly trained: readonly ParameterSpec[];
  readonly optimizer: Optimizer;
  readonly objectives: readonly Objective[];
}): TrainingState {
  const { device, parameters, trained, optimizer, objectives } = options;
  const zeros = () =>
    new Map(trained.map(({ name, shape }) => [name, device.zeros(shape, "float32")]));
  return {
    parameters,
    trained,
    gradients: zeros(),
    slots: new Map(optimizer.slots.map((slot) => [slot, zeros()])),
    losses: new Map(objectives.map(({ name, loss, composer }) => [
      name,
      new Map(
        Object.entries(loss.state ?? {}).map(([key, each]) => {
          const shape = stateShape(each, composer.groups);
          return [key, device.upload(initialState(each, shape), shape, "float32")];
        }),
      ),
    ])),
  };
}

/** Puts the state of losses that start afresh with every epoch back to its beginning. */
export function resetLossStates(state: TrainingState, objectives: readonly Objective[]): void {
  for (const { name, loss } of objectives) {
    for (const [key, each] of Object.entries(loss.state ?? {})) {
      if (each.reset !== "epoch") continue;
      const tensor = state.losses.get(name)!.get(key)!;
      tensor.write(initialState(each, tensor.shape));
    }
  }
}

/** The shape of a loss's state where rows have so many texts in each group. */
export function stateShape(
  { shape }: LossState,
  groups: Readonly<Record<string, number>>,
): readonly number[] {
  return shape.map((length) => {
    const count = typeof length === "number" ? length : groups[length];
    if (count !== undefined) return count;
    throw new RangeError(
      `expected a number or a text group (${Object.keys(groups).join(", ")}) in the shape of a ` +
        `loss's state, found "${length}"`,
    );
  });
}

function initialState({ initial }: LossState, shape: readonly number[]): Float32Array<ArrayBuffer> {
  return new Float32Array(sizeOf(shape)).fill(initial);
}

/** Every tensor of the state that a checkpoint keeps, by a name of its own. */
export function* namedTensors(state: TrainingState): Generator<[string, DeviceTensor]> {
  for (const { name } of state.trained) {
    yield [`parameter:${name}`, state.parameters.get(name)!];
    for (const [slot, tensors] of state.slots) yield [`${slot}:${name}`, tensors.get(name)!];
  }
  for (const [objective, tensors] of state.losses) {
    for (const [name, tensor] of tensors) yield [`loss:${objective}:${name}`, tensor];
  }
}

/** Frees all of it. */
export function disposeState(state: TrainingState): void {
  const kept = new Set<DeviceTensor>([
    ...state.parameters.values(),
    ...state.gradients.values(),
    ...[...namedTensors(state)].map(([, tensor]) => tensor),
  ]);
  for (const tensor of kept) tensor.dispose();
}
