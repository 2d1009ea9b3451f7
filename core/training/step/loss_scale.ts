import type { DeviceTensor } from "../../device/device.ts";

/**
 * The number that a loss is multiplied by before its gradient goes through towers in float16, so that
 * small gradients are not lost (Micikevicius et al. 2018); updates divide by it again. It follows the
 * rules of PyTorch's GradScaler: from 65,536, half as large when a gradient overflows, twice as large
 * after 2,000 updates without.
 */
export interface LossScale {
  /** The number, a power of two. */
  readonly value: () => number;
  /** Updates that were left out. */
  readonly leftOut: () => number;
  /** After an update. */
  succeed(): void;
  /**
   * After a gradient that overflowed.
   *
   * @throws {RangeError} if the loss was not even scaled up.
   */
  fail(): void;
}

const FIRST = 2 ** 16;
const PATIENCE = 2000;

/** What a checkpoint keeps of it: the number, updates since it changed, updates left out. */
export const LOSS_SCALE_START: Float32Array = Float32Array.of(FIRST, 0, 0);

/** The loss scale that a tensor holds, which follows it. */
export async function openLossScale(tensor: DeviceTensor): Promise<LossScale> {
  let [value, good, leftOut] = await tensor.read() as unknown as [number, number, number];
  const keep = () => tensor.write(Float32Array.of(value, good, leftOut));
  return {
    value: () => value,
    leftOut: () => leftOut,
    succeed: () => {
      good++;
      if (good === PATIENCE) [value, good] = [value * 2, 0];
      keep();
    },
    fail: () => {
      if (value <= 1) {
        throw new RangeError(
          "precision: the gradient overflows float16 though the loss is not scaled up; expected " +
            'weights that train in it, or the setting precision=float32, found "float16"',
        );
      }
      [value, good, leftOut] = [value / 2, 0, leftOut + 1];
      keep();
    },
  };
}
