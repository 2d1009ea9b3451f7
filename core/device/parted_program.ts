import { partIntegers } from "../graph/integer_part.ts";
import { checkPositions, positionInputs } from "../graph/positions.ts";
import { inForms } from "../graph/rewrite.ts";
import type { Signature } from "../graph/to_model.ts";
import { forWebGpu } from "../graph/webgpu_forms.ts";
import type { DeviceTensor, Program, Tensors } from "./device.ts";
import { checkTensors } from "./signature_check.ts";

/** Who compiles the parts of a graph; integers of both are kept where the host reads them. */
export interface PartCompilers {
  /** What is computed of integers. */
  readonly host: (signature: Signature) => Promise<Program>;
  /** All the rest. */
  readonly gpu: (signature: Signature) => Promise<Program>;
  /** The most buffers that the GPU binds at once. Default: what WebGPU promises. */
  readonly buffers?: number;
}

/**
 * A program for a GPU that computes what is right, or raises: what is made of integers is computed on
 * the host, positions are checked there, and operators stand in the forms that WebGPU computes rightly.
 *
 * @throws {RangeError} if a constant position lies outside of its axis.
 */
export async function compileParted(
  signature: Signature,
  { host, gpu, buffers }: PartCompilers,
): Promise<Program> {
  const { integers, rest } = partIntegers(signature);
  const positions = positionInputs(rest);
  const outputs = inForms(rest.outputs, (tensors) => forWebGpu(tensors, buffers));
  const before = integers === undefined ? undefined : await host(integers);
  const main = await gpu({ inputs: rest.inputs, outputs });
  const pick = ({ inputs }: Signature, given: Tensors): Tensors =>
    Object.fromEntries(
      inputs.map(({ node }) => [node.inputName!, given[node.inputName!]!] as const),
    );
  return {
    run: async (inputs, into = {}) => {
      checkTensors(signature, inputs, into);
      const made: Readonly<Record<string, DeviceTensor>> = before === undefined
        ? {}
        : await before.run(pick(integers!, inputs));
      try {
        const given = pick(rest, { ...inputs, ...made });
        for (const each of positions) checkPositions(await given[each.name]!.read(), each);
        return await main.run(given, into);
      } finally {
        for (const tensor of Object.values(made)) tensor.dispose();
      }
    },
    dispose: async () => {
      await before?.dispose();
      await main.dispose();
    },
  };
}
