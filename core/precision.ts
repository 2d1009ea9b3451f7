import type { Device } from "./device/device.ts";

/**
 * What the towers compute in while they train: float32, or float16 with float32 for weights, norms,
 * softmax and sums (as PyTorch's autocast).
 */
export type Precision = "float32" | "float16";

/**
 * Nothing if a device computes in a precision.
 *
 * @throws {RangeError} if it does not.
 */
export function checkPrecision(
  precision: Precision,
  { kind, description, halfPrecision }: Pick<Device, "kind" | "description" | "halfPrecision">,
): void {
  if (precision === "float32" || halfPrecision) return;
  throw new RangeError(
    `precision: expected float32, or a device that computes in float16 (WebGPU with the feature ` +
      `shader-f16, CUDA), found float16 and ${kind} (${description})`,
  );
}
