import type { Raster } from "../../core/images/raster.ts";
import { OUTLINES } from "./outlines.ts";
import type { Scene, SceneObject } from "./scene.ts";
import type { Background, Colour } from "./vocabulary.ts";

/** Red, green and blue in [0, 255]. */
type Rgb = readonly [number, number, number];

const COLOUR_VALUES: Readonly<Record<Colour, Rgb>> = {
  red: [222, 30, 34],
  green: [38, 168, 60],
  blue: [36, 74, 228],
  yellow: [246, 218, 30],
  purple: [136, 44, 186],
  pink: [252, 138, 196],
  brown: [132, 78, 36],
  white: [246, 246, 246],
};

const BACKGROUND_VALUES: Readonly<Record<Background, number>> = { gray: 150, black: 22 };

/** The most that the tint moves a colour's channel, of 255. */
const TINT = 9;

/** The most that the light moves the background, of 255. */
const LIGHT = 12;

/** Width of a stripe and the gap after it, and the distance of two speckles, in square sides. */
const PERIOD = 0.115;

/** How much of its own colour a stripe keeps: the rest is black. */
const STRIPE = 0.38;

/** How much of its own colour a speckle keeps: the rest is the opposite of the colour's brightness. */
const SPECKLE = 0.2;

/** Width and height of a scene's picture whose shorter side has `size` pixels. */
export function sceneSize(scene: Scene, size: number): { width: number; height: number } {
  const longer = Math.round(1.5 * size);
  return scene.orientation === "wider"
    ? { width: longer, height: size }
    : { width: size, height: longer };
}

/**
 * The picture of a scene, antialiased.
 *
 * @param size Pixels of the shorter side, at least 8; the longer side has one and a half times as
 *   many. The objects lie in the central square of this side.
 * @throws {RangeError} if `size` is not a whole number of at least 8.
 */
export function renderScene(scene: Scene, size: number): Raster {
  if (!Number.isInteger(size) || size < 8) {
    throw new RangeError(`renderScene: size: expected a whole number of at least 8, found ${size}`);
  }
  const { width, height } = sceneSize(scene, size);
  const data = new Uint8Array(width * height * 3);
  paintBackground(scene, width, height, data);
  for (const object of scene.objects) paintObject(object, size, width, height, data);
  return { width, height, data };
}

function paintBackground(scene: Scene, width: number, height: number, data: Uint8Array): void {
  const base = BACKGROUND_VALUES[scene.background];
  const [upperLeft, upperRight, lowerLeft, lowerRight] = scene.light;
  let at = 0;
  for (let row = 0; row < height; row++) {
    const down = (row + 0.5) / height;
    const left = upperLeft + (lowerLeft - upperLeft) * down;
    const right = upperRight + (lowerRight - upperRight) * down;
    const start = base + LIGHT * left + 0.5;
    const step = LIGHT * (right - left) / width;
    for (let column = 0; column < width; column++) {
      const value = Math.trunc(start + step * (column + 0.5));
      data[at++] = value;
      data[at++] = value;
      data[at++] = value;
    }
  }
}

function paintObject(
  object: SceneObject,
  size: number,
  width: number,
  height: number,
  data: Uint8Array,
): void {
  const outline = OUTLINES[object.shape];
  const base = COLOUR_VALUES[object.colour];
  const [red, green, blue] = base.map((value, channel) => value + TINT * object.tint[channel]!);
  const radius = object.radius * size;
  const centreX = object.x * size + (width - size) / 2;
  const centreY = object.y * size + (height - size) / 2;
  const firstColumn = Math.max(0, Math.floor(centreX - radius));
  const lastColumn = Math.min(width - 1, Math.ceil(centreX + radius) - 1);
  const firstRow = Math.max(0, Math.floor(centreY - radius));
  const lastRow = Math.min(height - 1, Math.ceil(centreY + radius) - 1);
  const bright = (red! + green! + blue!) / 3 > 120;
  const speckle = bright ? 0 : 255;
  for (let row = firstRow; row <= lastRow; row++) {
    const y = (row + 0.5 - centreY) / radius;
    for (let column = firstColumn; column <= lastColumn; column++) {
      const x = (column + 0.5 - centreX) / radius;
      const coverage = clamp(0.5 - outline(x, y) * radius);
      if (coverage === 0) continue;
      let own = 1;
      let other = 0;
      if (object.pattern === "striped") {
        own = 1 - (1 - STRIPE) * stripe(y * object.radius, object.phase, size);
      } else if (object.pattern === "speckled") {
        own = 1 -
          (1 - SPECKLE) * speckles(x * object.radius, y * object.radius, object.phase, size);
        other = speckle * (1 - own);
      }
      const at = (row * width + column) * 3;
      data[at] = mix(data[at]!, red! * own + other, coverage);
      data[at + 1] = mix(data[at + 1]!, green! * own + other, coverage);
      data[at + 2] = mix(data[at + 2]!, blue! * own + other, coverage);
    }
  }
}

/** How much of the pixel at height `y` a horizontal stripe covers. */
function stripe(y: number, phase: number, size: number): number {
  const position = y / PERIOD + phase;
  const fromMiddle = Math.abs(position - Math.floor(position) - 0.5);
  return clamp(0.5 + (0.25 - fromMiddle) * PERIOD * size);
}

/** How much of the pixel at (x, y) a speckle covers; speckles of odd rows stand between the others. */
function speckles(x: number, y: number, phase: number, size: number): number {
  const v = y / PERIOD + phase;
  const row = Math.floor(v);
  const u = x / PERIOD + phase + (row & 1) * 0.5;
  const du = u - Math.floor(u) - 0.5;
  const dv = v - row - 0.5;
  return clamp(0.5 + (0.3 - Math.sqrt(du * du + dv * dv)) * PERIOD * size);
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}

function mix(under: number, over: number, coverage: number): number {
  return Math.max(0, Math.min(255, under + (over - under) * coverage + 0.5));
}
