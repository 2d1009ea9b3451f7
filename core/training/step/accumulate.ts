import { gemm, reshape } from "../../graph/linear.ts";
import { add } from "../../graph/elementwise.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { scatterAdd } from "../../graph/indexing.ts";
import { isConstantOf, isSet } from "../../graph/node.ts";

/**
 * `sum + addition`, written so that an addition which is the result of a matrix product or of
 * scattered rows is computed straight onto the sum: a vocabulary's gradient touches few rows, and a
 * product can start from what is there.
 */
export function accumulate(sum: Tensor, addition: Tensor): Tensor {
  const { node } = addition;
  const [a, b] = node.inputs;
  if (node.op === "Gemm" && node.inputs.length === 2) {
    return gemm(a!, b!, sum, {
      transposeA: isSet(node, "transA"),
      transposeB: isSet(node, "transB"),
    });
  }
  // A bias's gradient is a product with a row of ones, [1, n] for [n].
  if (node.op === "Reshape" && a!.node.op === "Gemm" && a!.node.inputs.length === 2) {
    return reshape(accumulate(reshape(sum, a!.shape), a!), sum.shape);
  }
  if (node.op === "ScatterND" && isConstantOf(a!, 0)) {
    // The rows stand in the node as [m, 1]; scatterAdd takes them as [m].
    return scatterAdd(sum, b!.node.op === "Reshape" ? b!.node.inputs[0]! : b!, node.inputs[2]!);
  }
  return add(sum, addition);
}
