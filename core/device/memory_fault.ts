/**
 * What engines say when there is no memory for what they are asked. None has an error of its own for
 * it. All were seen (ONNX Runtime 1.30, V8 of Deno 2.9, wgpu of Deno and Dawn of Chromium) but CUDA's,
 * which stand in ONNX Runtime's source.
 */
const SAYINGS: readonly RegExp[] = [
  // ONNX Runtime: kernels, which wasm has too, and the arena.
  /std::bad_alloc/,
  /Failed to allocate memory for requested buffer/,
  // Of wasm: sizes that 32 bits do not hold.
  /SafeIntOnOverflow\(\) Integer overflow/,
  /Tensor shape is too large/,
  // V8: more than the system gives, more than an array may have.
  /Array buffer allocation failed/,
  /Invalid typed array length: \d/,
  /could not allocate memory/,
  // WebGPU: a buffer that was not made is found to be invalid where it is used; why, comes later.
  /Buffer with '' label is invalid/,
  /\[Invalid Buffer/,
  /not enough memory left/,
  /[Oo]ut of memory/,
  /maximum buffer size|max buffer size/,
  // A tensor past the size of a binding goes in pieces.
  /Too many storage buffers in shader/,
  /(CUBLAS|CUDNN)_STATUS_ALLOC_FAILED/,
];

/** Whether an error, or one that it comes from, says that memory was asked for and not to be had. */
export function isMemoryFault(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return SAYINGS.some((saying) => saying.test(error.message)) || isMemoryFault(error.cause);
}
