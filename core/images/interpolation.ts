/**
 * How pixels are weighed when a picture changes its size.
 *
 * @module
 */

import type { SquareFit } from "./square_fit.ts";

/** The filters of Pillow that are computed here as it computes them. */
export type Interpolation = SquareFit["interpolation"];

/** A filter. */
export interface Kernel {
  /** How far it reaches to either side, in pixels of the smaller of the two pictures. */
  readonly support: number;
  /** The weight at a distance from the centre. */
  readonly weight: (distance: number) => number;
}

/** Pillow's filters (`src/libImaging/Resample.c`). */
export const kernels: Readonly<Record<Interpolation, Kernel>> = {
  bilinear: { support: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  bicubic: { support: 2, weight: bicubic },
  lanczos: {
    support: 3,
    weight: (x) => x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0,
  },
};

function bicubic(distance: number): number {
  const a = -0.5;
  const x = Math.abs(distance);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
