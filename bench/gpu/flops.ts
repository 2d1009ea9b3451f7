import type { Device } from "../../core/device/device.ts";
import { isSet, sizeOf } from "../../core/graph/node.ts";
import type { Node } from "../../core/graph/tensor.ts";
import type { Signature } from "../../core/graph/to_model.ts";
import { topologicalOrder } from "../../core/graph/topology.ts";

/**
 * Multiplications and additions of a graph's matrix products and convolutions: what a step's work is
 * measured by. All else counts nothing.
 */
export function countFlops({ outputs }: Pick<Signature, "outputs">): number {
  return topologicalOrder(Object.values(outputs)).reduce((sum, node) => sum + flopsOf(node), 0);
}

function flopsOf(node: Node): number {
  const { op, inputs, outputs: [result] } = node;
  switch (op) {
    case "Gemm":
    case "MatMul": {
      const { shape } = inputs[0]!;
      return 2 * sizeOf(result!.shape) * shape.at(isSet(node, "transA") ? -2 : -1)!;
    }
    case "Conv":
      return 2 * sizeOf(result!.shape) * sizeOf(inputs[1]!.shape.slice(1));
    case "ConvTranspose":
      return 2 * sizeOf(inputs[0]!.shape) * sizeOf(inputs[1]!.shape.slice(1));
    default:
      return 0;
  }
}

/** A device that counts the work of its programs. */
export interface CountingDevice extends Device {
  /** What all runs so far amount to. */
  readonly flops: () => number;
}

/** Adds a count to a device. */
export function countWork(device: Device): CountingDevice {
  let done = 0;
  return {
    ...device,
    flops: () => done,
    compile: async (signature, options) => {
      const program = await device.compile(signature, options);
      const each = countFlops(signature);
      return {
        run: (inputs, into) => {
          done += each;
          return program.run(inputs, into);
        },
        dispose: () => program.dispose(),
      };
    },
  };
}
