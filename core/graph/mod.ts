/**
 * Graphs: symbolic tensors, ONNX operators with their gradients, reverse mode, and ONNX models.
 *
 * @module
 */
export * from "./activation.ts";
export { broadcastShapes } from "./broadcast.ts";
export { cast } from "./cast.ts";
export * from "./comparison.ts";
export * from "./composite.ts";
export * from "./convolution.ts";
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
  type Operand,
  pow,
  reciprocal,
  relu,
  sigmoid,
  sign,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
} from "./elementwise.ts";
export * from "./gradient.ts";
export * from "./indexing.ts";
export * from "./matmul.ts";
export {
  apply,
  applySingle,
  constant,
  type ConstantData,
  indices,
  input,
  isSet,
  type NodeDefinition,
  ones,
  sameShape,
  scalar,
  showShape,
  sizeOf,
  zeros,
} from "./node.ts";
export * from "./normalization.ts";
export * from "./reduce.ts";
export * from "./shape.ts";
export * from "./softmax.ts";
export * from "./tensor.ts";
export * from "./to_model.ts";
