import type { Rectangle } from "../../../core/images/rectangle.ts";

/** The part of a picture between the rounded corners of a box, as Pillow crops. */
export function pillowBox(x: number, y: number, boxWidth: number, boxHeight: number): Rectangle {
  const [left, top] = [Math.round(x), Math.round(y)];
  const width = Math.round(x + boxWidth) - left;
  const height = Math.round(y + boxHeight) - top;
  return { left, top, width, height };
}
