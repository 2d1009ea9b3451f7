import type { Shape } from "./vocabulary.ts";

/**
 * How far a point is outside (positive) or inside (negative) of a shape that fills the square from
 * (-1, -1) to (1, 1), y downwards. Near the edge it is the distance, which antialiasing needs;
 * far from it, only its sign is sure.
 */
export type Outline = (x: number, y: number) => number;

/** The outline of every shape. */
export const OUTLINES: Readonly<Record<Shape, Outline>> = {
  circle: (x, y) => Math.sqrt(x * x + y * y) - 0.92,
  ring: (x, y) => Math.abs(Math.sqrt(x * x + y * y) - 0.72) - 0.25,
  box: (x, y) => box(x, y, 0.84, 0.84),
  cross: (x, y) => Math.min(box(x, y, 0.96, 0.32), box(x, y, 0.32, 0.96)),
  diamond: (x, y) => (Math.abs(x) / 0.68 + Math.abs(y) - 1) * 0.562,
  triangle: (x, y) => Math.max(y - 0.8, (Math.abs(x) * 1.72 - (y + 0.92)) * 0.503),
  star,
  heart,
};

function box(x: number, y: number, halfWidth: number, halfHeight: number): number {
  return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
}

/** Cosine and sine of 36°, half the angle between two points of a five-pointed star. */
const COS_36 = 0.80901699;
const SIN_36 = 0.58778525;

/** How far the star's points and inner corners are from its centre. */
const STAR_OUTER = 1;
const STAR_INNER = 0.46;

/** Folded into the wedge between a point and the inner corner beside it, a star is one half-plane. */
function star(x: number, y: number): number {
  let u = Math.abs(x);
  let v = -(y - 0.06);
  // Reflections in the axes of symmetry bring every point into the wedge of the upward point.
  for (let fold = 0; fold < 2; fold++) {
    const beyond = u * COS_36 - v * SIN_36;
    if (beyond > 0) {
      u -= 2 * beyond * COS_36;
      v += 2 * beyond * SIN_36;
    }
    u = Math.abs(u);
  }
  // The edge from (0, outer) to inner·(sin 36°, cos 36°), its normal pointing outwards.
  const edgeX = STAR_INNER * SIN_36;
  const edgeY = STAR_INNER * COS_36 - STAR_OUTER;
  const length = Math.sqrt(edgeX * edgeX + edgeY * edgeY);
  return (-edgeY * u + edgeX * (v - STAR_OUTER)) / length;
}

/** Two discs side by side over a square that stands on its corner, all meeting smoothly. */
function heart(x: number, y: number): number {
  const u = Math.abs(x);
  const v = y + 0.3;
  const disc = Math.sqrt((u - 0.44) * (u - 0.44) + (v + 0.02) * (v + 0.02)) - 0.5;
  // The straight side touches the disc where its normal, at 40° below the horizontal, meets it.
  const side = (u - 0.44) * 0.766 + (v + 0.02) * 0.643 - 0.5;
  return Math.min(disc, Math.max(side, -(v + 0.02)));
}
