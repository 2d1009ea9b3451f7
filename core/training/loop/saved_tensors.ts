/**
 * What a checkpoint keeps of a training state, whichever process has it.
 *
 * @module
 */
import type { Device, DeviceTensor } from "../../device/device.ts";
import type { Exchange } from "../../processes/exchange.ts";
import type { TrainingState } from "./state.ts";

/** A tensor by the name that a checkpoint has it under. */
export interface SavedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** This process's own; undefined if another one alone has it. */
  readonly tensor: DeviceTensor | undefined;
  /** The process that alone has it; undefined if all have it. */
  readonly at: number | undefined;
}

/** Where the processes meet that share a training state, and where their tensors are. */
export interface StatePlace {
  readonly device: Device;
  readonly exchange: Exchange;
}

/** All tensors of a checkpoint, in its order. */
export function* savedTensors(state: TrainingState): Generator<SavedTensor> {
  const places = state.parted?.places;
  const whole = (name: string, tensor: DeviceTensor): SavedTensor => {
    return { name, shape: tensor.shape, tensor, at: undefined };
  };
  for (const { name, shape } of state.trained) {
    yield whole(`parameter:${name}`, state.parameters.get(name)!);
    for (const [slot, tensors] of state.slots) {
      yield { name: `${slot}:${name}`, shape, tensor: tensors.get(name), at: places?.get(name) };
    }
    const average = state.averages?.get(name);
    if (average !== undefined) yield whole(`average:${name}`, average);
  }
  for (const [objective, tensors] of state.losses) {
    for (const [name, tensor] of tensors) yield whole(`loss:${objective}:${name}`, tensor);
  }
  if (state.scaling !== undefined) yield whole("loss scale", state.scaling);
}

/** Those that this process has, by name. */
export function* namedTensors(state: TrainingState): Generator<[string, DeviceTensor]> {
  for (const { name, tensor } of savedTensors(state)) {
    if (tensor !== undefined) yield [name, tensor];
  }
}

/**
 * A tensor that one process keeps, for as long as work with it takes in all of them.
 *
 * @param from The process whose values all are to have first.
 * @param values Puts them into the tensor there. Default: it has them.
 */
export async function lend<T>(
  { shape, tensor: own }: SavedTensor,
  { device, exchange }: StatePlace,
  from: number,
  work: (tensor: DeviceTensor) => Promise<T>,
  values: () => Promise<Float32Array | undefined> = () => Promise.resolve(undefined),
): Promise<T> {
  const tensor = own ?? device.zeros(shape, "float32");
  try {
    const given = exchange.rank === from ? await values() : undefined;
    if (given !== undefined) tensor.write(given);
    await exchange.share([{ tensor, at: from }]);
    return await work(tensor);
  } finally {
    if (own === undefined) tensor.dispose();
  }
}
