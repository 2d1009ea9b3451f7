import { z } from "zod";
import type { Raster } from "../../core/images/raster.ts";
import type { ComposeContext } from "../../core/objective.ts";
import type { Random } from "../../core/random.ts";
import { cropOption, drawSquare } from "./draw_square.ts";

/** What of an example stands in a row. */
export interface ExampleOptions {
  /** Which caption goes with the picture: the `"first"`, or a `"random"` one. Default `"first"`. */
  readonly caption?: "first" | "random";
  /**
   * The least and the largest share of the picture's area that is cut out at random and resized to
   * the square input, as torchvision's `RandomResizedCrop` does. Default `null`: the centre.
   */
  readonly crop?: readonly [least: number, most: number] | null;
}

/** The schemas of {@linkcode ExampleOptions}. */
export const exampleOptions: {
  readonly caption: z.ZodDefault<z.ZodEnum<{ first: "first"; random: "random" }>>;
  readonly crop: typeof cropOption;
} = { caption: z.enum(["first", "random"]).default("first"), crop: cropOption };

/** An example as a row shows it. */
export interface DrawnExample {
  readonly id: string;
  readonly caption: string;
  /** Decoded while other things are done. */
  readonly image: Promise<Raster>;
}

/**
 * Draws an example's caption, and begins to read its picture.
 *
 * @param random Draws the caption, and then the crop where that has no generator of its own.
 */
export function drawExample(
  index: number,
  { data, preprocessing }: Pick<ComposeContext, "data" | "preprocessing">,
  options: Required<ExampleOptions>,
  random: Random,
  cropping: Random = random,
): DrawnExample {
  const { id, captions } = data.record(index);
  const caption = options.caption === "first" ? captions[0]! : random.pick(captions);
  return { id, caption, image: drawSquare(data, index, preprocessing, options.crop, cropping) };
}
