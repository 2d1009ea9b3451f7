import { z } from "zod";
import { squareOf } from "../../core/images/square_fit.ts";
import { drawCrop } from "../../core/images/random_crop.ts";
import type { DataSet } from "../../core/dataset.ts";
import type { Preprocessing } from "../../core/model.ts";
import type { Random } from "../../core/random.ts";
import type { Raster } from "../../core/images/raster.ts";

/** The least and the largest share of a picture's area, each in (0, 1]. */
export type CropScale = readonly [least: number, most: number];

/** The option of a crop. */
export const cropOption: z.ZodDefault<z.ZodNullable<z.ZodType<CropScale>>> = z
  .custom<CropScale>(isCropScale, {
    error: "expected two shares of the area in (0, 1], the least first, or null",
  })
  .nullable()
  .default(null);

function isCropScale(value: unknown): value is CropScale {
  return Array.isArray(value) && value.length === 2 &&
    value.every((share) => typeof share === "number" && share > 0 && share <= 1) &&
    value[0] <= value[1];
}

/**
 * A square of example `index`'s picture: as the model expects it (`crop: null`), or a part drawn at
 * random and resized by the bicubic filter, as torchvision's `RandomResizedCrop` does in open_clip's
 * training, whatever filter the model's own preprocessing has.
 *
 * @throws {PictureError} if the file is missing or cannot be decoded.
 */
export async function drawSquare(
  data: DataSet,
  index: number,
  preprocessing: Preprocessing,
  crop: CropScale | null,
  random: Random,
): Promise<Raster> {
  if (crop === null) return await data.pixels(index, squareOf(preprocessing));
  const from = drawCrop(await data.size(index), crop, random);
  return await data.pixels(index, { kind: "cut", from, size: preprocessing.size });
}
