import { expect } from "expect";
import { checkPixels } from "../../../../core/host/images/largest_picture.ts";

Deno.test("checkPixels: as many pixels as Pillow decodes, and no more", () => {
  // Twice Pillow's MAX_IMAGE_PIXELS, which is a quarter of 1 GiB over 3 bytes, rounded down.
  const most = 2 * Math.floor(1024 ** 3 / 4 / 3);
  checkPixels(most, 1);
  expect(() => checkPixels(most + 1, 1)).toThrow(
    new RangeError(`${most + 1} × 1 pixels, more than ${most}, Pillow's limit`),
  );
});
