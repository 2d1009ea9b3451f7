/**
 * What training keeps on the device from step to step.
 *
 * @module
 */
import type { LossExtra, LossState } from "../../loss.ts";
import type { DualEncoder, ParameterSpec } from "../../model.ts";
import type { AnyObjective, Objective } from "../../objective.ts";
import type { Optimizer } from "../../optimizer.ts";
import type { Precision } from "../../precision.ts";
import { alone, type Exchange } from "../../processes/exchange.ts";
import { placesOf } from "../../processes/places.ts";
import type { Recipe } from "../../recipe.ts";
import type { Device, DeviceTensor } from "../../device/device.ts";
import { sizeOf } from "../../graph/node.ts";
import { copyParameters, type DeviceParameters } from "../../towers/device_parameters.ts";
import { uploadOwned } from "./loss_parameters.ts";
import { stateShape } from "./state_shape.ts";
import { LOSS_SCALE_START } from "../step/loss_scale.ts";
import type { OptimizerSlots } from "../step/updates.ts";

/** Parameters and their averages, sums of gradients, the optimiser's slots and the losses' state. */
export interface TrainingState {
  /** All parameters of the model and those that losses own, trained or not. */
  readonly parameters: DeviceParameters;
  /** Those that training changes. */
  readonly trained: readonly ParameterSpec[];
  /** The running average of each trained parameter, where the recipe keeps it. */
  readonly averages?: ReadonlyMap<string, DeviceTensor>;
  /** Zero between steps. */
  readonly gradients: ReadonlyMap<string, DeviceTensor>;
  /** The optimiser's own tensors for each trained parameter that this process updates. */
  readonly slots: OptimizerSlots;
  /**
   * This process, and the one that keeps the optimiser's tensors of each parameter and updates it, by
   * name. Without it each process does so for all.
   */
  readonly parted?: { readonly rank: number; readonly places: ReadonlyMap<string, number> };
  /** By objective name, then by the name in the loss. */
  readonly losses: ReadonlyMap<string, ReadonlyMap<string, DeviceTensor>>;
  /** What the loss is multiplied by, where towers compute in float16. */
  readonly scaling?: DeviceTensor;
}

/**
 * The state before the first step of a recipe whose objectives are ready.
 *
 * @param parameters The model's.
 */
export async function beginTraining(
  recipe: Recipe,
  { device, model, parameters, trained, parted }: {
    readonly device: Device;
    readonly model: DualEncoder;
    readonly parameters: DeviceParameters;
    readonly trained: readonly ParameterSpec[];
    readonly parted?: Pick<Exchange, "rank" | "size"> | undefined;
  },
): Promise<TrainingState> {
  const { objectives, optimizer, seed, average, precision } = recipe;
  const all = new Map([...parameters, ...uploadOwned(device, objectives, model, seed)]);
  const averages = average === null
    ? undefined
    : await copyParameters(device, all, trained.map(({ name }) => name));
  return createTrainingState({
    ...{ device, trained, optimizer, objectives, precision },
    parameters: all,
    averages,
    parted,
  });
}

/** The state before the first step, of parts. */
export function createTrainingState(options: {
  readonly device: Device;
  /** Of the model, and those that losses own. */
  readonly parameters: DeviceParameters;
  readonly trained: readonly ParameterSpec[];
  readonly optimizer: Optimizer;
  readonly objectives: readonly Objective<LossExtra>[];
  /** Copies of the trained parameters, which then become averages. */
  readonly averages?: DeviceParameters | undefined;
  /** Default `"float32"`. */
  readonly precision?: Precision;
  /** The processes that the optimiser's tensors are parted over. Default: this one keeps all. */
  readonly parted?: Pick<Exchange, "rank" | "size"> | undefined;
}): TrainingState {
  const { device, parameters, trained, optimizer, objectives, averages, precision } = options;
  const { rank, size } = options.parted ?? alone;
  const parted = size === 1 ? undefined : { rank, places: placesOf(trained, size) };
  const zeros = (specs: readonly ParameterSpec[]) =>
    new Map(specs.map(({ name, shape }) => [name, device.zeros(shape, "float32")]));
  const updated = trained.filter(({ name }) =>
    parted === undefined || parted.places.get(name) === rank
  );
  return {
    parameters,
    trained,
    ...(averages === undefined ? {} : { averages }),
    ...(precision === "float16"
      ? { scaling: device.upload(LOSS_SCALE_START, [LOSS_SCALE_START.length], "float32") }
      : {}),
    gradients: zeros(trained),
    slots: new Map(optimizer.slots.map((slot) => [slot, zeros(updated)])),
    ...(parted === undefined ? {} : { parted }),
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
export function resetLossStates(state: TrainingState, objectives: readonly AnyObjective[]): void {
  for (const { name, loss } of objectives) {
    for (const [key, each] of Object.entries(loss.state ?? {})) {
      if (each.reset !== "epoch") continue;
      const tensor = state.losses.get(name)!.get(key)!;
      tensor.write(initialState(each, tensor.shape));
    }
  }
}

function initialState({ initial }: LossState, shape: readonly number[]): Float32Array<ArrayBuffer> {
  return new Float32Array(sizeOf(shape)).fill(initial);
}

/**
 * Frees all of it.
 *
 * @param others Tensors that belong to somebody else: these stay.
 */
export function disposeState(state: TrainingState, others: Iterable<DeviceTensor> = []): void {
  const own = new Set<DeviceTensor>([
    ...state.parameters.values(),
    ...state.gradients.values(),
    ...state.averages?.values() ?? [],
    ...[...state.slots.values(), ...state.losses.values()].flatMap((each) => [...each.values()]),
    ...state.scaling === undefined ? [] : [state.scaling],
  ]).difference(new Set(others));
  for (const tensor of own) tensor.dispose();
}
