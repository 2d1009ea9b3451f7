import type { Random } from "../random.ts";
import type { Rectangle } from "./rectangle.ts";

/** Rectangles are drawn so often before the centre is taken. */
const TRIES = 10;

/**
 * The part of a picture that torchvision's `RandomResizedCrop(scale=…, ratio=(3/4, 4/3))` cuts out:
 * a share of the area drawn uniformly from `scale`, a ratio of the sides drawn uniformly on a
 * logarithmic scale, and a place. Where ten draws do not fit the picture, its centre with the
 * nearest ratio that is allowed.
 *
 * @param scale The least and the largest share of the area, in (0, 1].
 */
export function drawCrop(
  { width, height }: { readonly width: number; readonly height: number },
  scale: readonly [least: number, most: number],
  random: Random,
): Rectangle {
  const [narrowest, widest] = [3 / 4, 4 / 3];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const area = width * height * between(scale[0], scale[1], random);
    const ratio = Math.exp(between(Math.log(narrowest), Math.log(widest), random));
    const columns = Math.round(Math.sqrt(area * ratio));
    const rows = Math.round(Math.sqrt(area / ratio));
    if (columns >= 1 && rows >= 1 && columns <= width && rows <= height) {
      return {
        left: random.integer(width - columns + 1),
        top: random.integer(height - rows + 1),
        width: columns,
        height: rows,
      };
    }
  }
  const ratio = Math.min(widest, Math.max(narrowest, width / height));
  const columns = Math.min(width, Math.max(1, Math.round(height * ratio)));
  const rows = Math.min(height, Math.max(1, Math.round(width / ratio)));
  return {
    left: Math.floor((width - columns) / 2),
    top: Math.floor((height - rows) / 2),
    width: columns,
    height: rows,
  };
}

function between(least: number, most: number, random: Random): number {
  return least + (most - least) * random.next();
}
