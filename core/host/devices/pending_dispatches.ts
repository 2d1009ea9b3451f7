/**
 * How many dispatches of ONNX Runtime's WebGPU go to the GPU together. By default it is 16, and the
 * driver is called as often again.
 */
export const PENDING_DISPATCHES = "256";
