import type { Signature } from "../../../graph/to_model.ts";
import type { DeviceTensor, Program, Tensors } from "../../../device/device.ts";
import { checkTensors } from "../../../device/signature_check.ts";
import type { GpuCell, GpuMemory } from "./gpu_memory.ts";
import { GpuTensor } from "./gpu_tensor.ts";
import { isKeptOnHost } from "./kept_on_host.ts";
import type { Memory, MemoryPool } from "./memory.ts";
import { inputNames } from "./program.ts";
import type { Session } from "./session.ts";
import { CpuTensor } from "./tensor.ts";

/** Elements on a GPU, or on the host. */
type Place = GpuCell | Memory;

/** A graph compiled for a GPU; integers and conditions go in and come out on the host. */
export class GpuProgram implements Program {
  readonly #signature: Signature;
  readonly #memory: GpuMemory;
  readonly #pool: MemoryPool;
  readonly #inputNames: readonly string[];
  readonly #outputNames: readonly string[];
  #session: Session | undefined;

  constructor(session: Session, signature: Signature, memory: GpuMemory, pool: MemoryPool) {
    this.#session = session;
    this.#signature = signature;
    this.#memory = memory;
    this.#pool = pool;
    this.#inputNames = inputNames(signature);
    this.#outputNames = Object.keys(signature.outputs);
  }

  async run(inputs: Tensors, into: Tensors = {}): Promise<Record<string, DeviceTensor>> {
    const session = this.#session;
    if (session === undefined) throw new Error("program: used after it was disposed");
    checkTensors(this.#signature, inputs, into);
    const sources = this.#inputNames.map((name) => holdOn(name, inputs[name]!));
    const results = this.#outputNames.map((name) => this.#placeFor(name));
    try {
      await this.#memory.then(async () => {
        const frame = session.frame();
        for (const [i, source] of sources.entries()) frame.inputs[i] = await this.#handle(source);
        for (const [i, result] of results.entries()) frame.outputs[i] = await this.#handle(result);
        await session.run(frame);
      });
    } catch (error) {
      for (const result of results) this.#free(result);
      throw error;
    } finally {
      for (const source of sources) if (!isCell(source)) source.release();
    }
    const fresh: Record<string, DeviceTensor> = {};
    for (const [i, name] of this.#outputNames.entries()) {
      const target = into[name];
      if (target === undefined) fresh[name] = this.#tensor(results[i]!, name);
      else replace(target, results[i]!, name);
    }
    return fresh;
  }

  #placeFor(name: string): Place {
    const { dtype, shape } = this.#signature.outputs[name]!;
    return isKeptOnHost(dtype)
      ? this.#pool.take(dtype, shape)
      : { dtype, shape, handle: undefined, data: undefined };
  }

  #handle(place: Place): Promise<bigint> {
    return isCell(place) ? this.#memory.place(place) : Promise.resolve(place.handle);
  }

  #free(place: Place): void {
    if (isCell(place)) this.#memory.free(place);
    else place.release();
  }

  #tensor(place: Place, name: string): DeviceTensor {
    const { dtype, shape } = this.#signature.outputs[name]!;
    return isCell(place)
      ? new GpuTensor(dtype, shape, this.#memory, place)
      : new CpuTensor(dtype, shape, this.#pool, place);
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    if (session === undefined) throw new Error("program: disposed twice");
    this.#session = undefined;
    await this.#memory.then(() => Promise.resolve(session.dispose()));
  }
}

function isCell(place: Place): place is GpuCell {
  return "data" in place;
}

function holdOn(name: string, tensor: DeviceTensor): Place {
  if (tensor instanceof GpuTensor) return tensor.cell;
  if (tensor instanceof CpuTensor) return tensor.memory.retain();
  throw new TypeError(`run: "${name}" is a tensor of another device, expected one of this one`);
}

function replace(target: DeviceTensor, place: Place, name: string): void {
  if (target instanceof GpuTensor && isCell(place)) target.replace(place);
  else if (target instanceof CpuTensor && !isCell(place)) target.replace(place);
  else {throw new TypeError(
      `run: "${name}" is a tensor of another device, expected one of this one`,
    );}
}
