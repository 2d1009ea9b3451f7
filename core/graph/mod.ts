/**
 * Graphs: symbolic tensors, ONNX operators with their gradients, reverse mode, and ONNX models.
 *
 * @module
 */
export { gelu, quickGelu } from "./activation.ts";
export { cast } from "./cast.ts";
export { equal, greater, greaterOrEqual, less, not, where } from "./comparison.ts";
export { crossEntropy, l2Normalize, logAddExp } from "./composite.ts";
export { conv2d, type ConvOptions } from "./convolution.ts";
export {
  abs,
  add,
  clip,
  div,
  erf,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  sign,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
} from "./elementwise.ts";
export { gradient } from "./gradient.ts";
export { gather, scatterAdd } from "./indexing.ts";
export { expand, matmul, reshape, sum, transpose } from "./linear.ts";
export { apply, constant, indices, input, ones, scalar, zeros } from "./node.ts";
export { layerNormalization } from "./normalization.ts";
export type { Operand } from "./operand.ts";
export { argmax, max, mean, min } from "./reduce.ts";
export { concat, pad, slice, split } from "./shape.ts";
export { logSoftmax, logSumExp, softmax } from "./softmax.ts";
export type { Attribute, DType, GradientRule, Node, Shape, Tensor } from "./tensor.ts";
export { type Signature } from "./to_model.ts";
