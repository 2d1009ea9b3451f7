/** Resizing along one axis. */
export interface AxisResize {
  /** Length before. */
  readonly from: number;
  /** Length after. */
  readonly to: number;
  readonly scale: number;
  /** `nearest`, `linear` or `cubic`. */
  readonly mode: string;
  /** How a place after corresponds to one before. */
  readonly coordinates: string;
  /** How `nearest` rounds. */
  readonly nearest: string;
  /** The parameter of the cubic kernel. */
  readonly cubic: number;
  /** Whether what lies outside gets no weight, instead of that of the edge. */
  readonly excludeOutside: boolean;
  /** Whether the kernel widens where the picture shrinks. */
  readonly antialias: boolean;
  /** Start and end of what is resized, as parts of the length: of `tf_crop_and_resize`. */
  readonly region: readonly [number, number];
}

/**
 * A row of weights for each place after, by ONNX's Resize.
 *
 * @throws {TypeError} for a mode that is not known.
 */
export function resizeMatrix(resize: AxisResize): readonly (readonly number[])[] {
  const { from, to, mode, coordinates } = resize;
  return Array.from({ length: to }, (_, place) => {
    const x = placeBefore(resize, place);
    const row = new Array<number>(from).fill(0);
    const isOutside = coordinates === "tf_crop_and_resize" && (x < 0 || x > from - 1);
    if (isOutside) return row;
    if (mode === "nearest") {
      row[Math.min(Math.max(roundPlace(resize.nearest, x), 0), from - 1)] = 1;
      return row;
    }
    const weights = kernelWeights(resize, x);
    const isInside = (at: number) => at >= 0 && at < from;
    const used = weights.filter(([at]) => !resize.excludeOutside || isInside(at));
    const total = used.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [at, weight] of used) {
      row[Math.min(Math.max(at, 0), from - 1)]! += weight / total;
    }
    return row;
  });
}

function placeBefore({ from, to, scale, coordinates, region }: AxisResize, place: number): number {
  // The length that the scale means, of which the real one is the floor.
  const exact = scale * from;
  switch (coordinates) {
    case "asymmetric":
      return place / scale;
    case "align_corners":
      return exact === 1 || to === 1 ? 0 : place * (from - 1) / (exact - 1);
    case "half_pixel":
      return (place + 0.5) / scale - 0.5;
    case "pytorch_half_pixel":
      return exact === 1 || to === 1 ? -0.5 : (place + 0.5) / scale - 0.5;
    case "half_pixel_symmetric": {
      const adjustment = to / exact;
      return from / 2 * (1 - adjustment) + (place + 0.5) / scale - 0.5;
    }
    case "tf_crop_and_resize": {
      const [start, end] = region;
      return to === 1
        ? (end - start) * (from - 1) / 2 + start * (from - 1)
        : start * (from - 1) + place * (end - start) * (from - 1) / (to - 1);
    }
    default:
      throw new TypeError(
        `expected a coordinate_transformation_mode that is known, found ${coordinates}`,
      );
  }
}

function roundPlace(how: string, x: number): number {
  switch (how) {
    case "round_prefer_floor":
      return Math.ceil(x - 0.5);
    case "round_prefer_ceil":
      return Math.floor(x + 0.5);
    case "floor":
      return Math.floor(x);
    case "ceil":
      return Math.ceil(x);
    default:
      throw new TypeError(`expected a nearest_mode that is known, found ${how}`);
  }
}

/** The neighbours of a place with their weights, not summing up to 1 where the kernel is widened. */
function kernelWeights(
  { mode, cubic, scale, antialias }: AxisResize,
  x: number,
): readonly (readonly [at: number, weight: number])[] {
  const kernel = mode === "linear"
    ? (t: number) => Math.max(0, 1 - Math.abs(t))
    : mode === "cubic"
    ? (t: number) => cubicKernel(Math.abs(t), cubic)
    : undefined;
  if (kernel === undefined) throw new TypeError(`expected a mode that is known, found ${mode}`);
  const narrow = antialias ? Math.min(scale, 1) : 1;
  const reach = (mode === "linear" ? 1 : 2) / narrow;
  const first = Math.ceil(x - reach);
  const last = Math.floor(x + reach);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const at = first + i;
    return [at, kernel((at - x) * narrow)] as const;
  });
}

function cubicKernel(t: number, a: number): number {
  if (t <= 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  return t < 2 ? ((a * t - 5 * a) * t + 8 * a) * t - 4 * a : 0;
}
