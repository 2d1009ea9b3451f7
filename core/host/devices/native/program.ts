import type { Signature } from "../../../graph/to_model.ts";
import type { DeviceTensor, Program, Tensors } from "../../../device/device.ts";
import { checkTensors } from "../../../device/signature_check.ts";
import type { Memory, MemoryPool } from "./memory.ts";
import type { Session } from "./session.ts";
import { CpuTensor } from "./tensor.ts";

/** A graph compiled for the processor. */
export class CpuProgram implements Program {
  readonly #signature: Signature;
  readonly #inPlace: boolean;
  readonly #pool: MemoryPool;
  readonly #inputNames: readonly string[];
  readonly #outputNames: readonly string[];
  readonly #underWay = new Set<Promise<void>>();
  #session: Session | undefined;

  constructor(session: Session, signature: Signature, inPlace: boolean, pool: MemoryPool) {
    this.#session = session;
    this.#signature = signature;
    this.#inPlace = inPlace;
    this.#pool = pool;
    this.#inputNames = inputNames(signature);
    this.#outputNames = Object.keys(signature.outputs);
  }

  async run(inputs: Tensors, into: Tensors = {}): Promise<Record<string, DeviceTensor>> {
    if (this.#session === undefined) throw new Error("program: used after it was disposed");
    checkTensors(this.#signature, inputs, into);
    const sources = this.#inputNames.map((name) => cpuTensor(name, inputs[name]!));
    const targets = this.#outputNames.map((name) =>
      into[name] === undefined ? undefined : cpuTensor(name, into[name])
    );
    const held: Memory[] = [];
    const results: Memory[] = [];
    try {
      for (const { memory } of sources) held.push(memory.retain());
      this.#outputNames.forEach((name, i) => results.push(this.#memoryFor(name, targets[i])));
      await this.#compute(this.#session, held, results);
    } catch (error) {
      for (const memory of results) memory.release();
      throw error;
    } finally {
      for (const memory of held) memory.release();
    }
    const fresh: Record<string, DeviceTensor> = {};
    this.#outputNames.forEach((name, i) => {
      const { dtype, shape } = this.#signature.outputs[name]!;
      const target = targets[i];
      if (target !== undefined) target.replace(results[i]!);
      else fresh[name] = new CpuTensor(dtype, shape, this.#pool, results[i]!);
    });
    return fresh;
  }

  // The target's own memory, unless somebody else reads it: the program itself, as an input, or
  // another run.
  #memoryFor(name: string, target: CpuTensor | undefined): Memory {
    if (target !== undefined && (this.#inPlace || !target.memory.shared)) {
      return target.memory.retain();
    }
    const { dtype, shape } = this.#signature.outputs[name]!;
    return this.#pool.take(dtype, shape);
  }

  async #compute(
    session: Session,
    inputs: readonly Memory[],
    outputs: readonly Memory[],
  ): Promise<void> {
    const frame = session.frame();
    inputs.forEach(({ handle }, i) => frame.inputs[i] = handle);
    outputs.forEach(({ handle }, i) => frame.outputs[i] = handle);
    const run = session.run(frame);
    this.#underWay.add(run);
    try {
      await run;
    } finally {
      this.#underWay.delete(run);
    }
  }

  async dispose(): Promise<void> {
    const session = this.#session;
    if (session === undefined) throw new Error("program: disposed twice");
    this.#session = undefined;
    await Promise.allSettled(this.#underWay);
    session.dispose();
  }
}

/** The names of a program's inputs, in the order of its signature. */
export function inputNames(signature: Signature): readonly string[] {
  return signature.inputs.map(({ node }) => node.inputName!);
}

function cpuTensor(name: string, tensor: DeviceTensor): CpuTensor {
  if (tensor instanceof CpuTensor) return tensor;
  throw new TypeError(`run: "${name}" is a tensor of another device, expected one of the CPU`);
}
