import { z } from "zod";
import { checkValue } from "../../../core/check_options.ts";
import type { Context } from "../../../core/context.ts";
import { readAnnotations } from "../harness/read_annotations.ts";

/** A picture with its captions. */
export interface CaptionedPicture {
  /** The picture's path, such as `val2014/COCO_val2014_000000391895.jpg`. */
  readonly file: string;
  /** At least one. */
  readonly captions: readonly string[];
}

const captions = z.union([z.array(z.string()).min(1), z.string().transform((text) => [text])], {
  error: "expected a caption or a list of captions",
});
const list = z.array(z.object({ image: z.string(), caption: captions }));
const original = z.object({
  images: z.array(z.object({
    filepath: z.string().optional(),
    filename: z.string(),
    split: z.string(),
    sentences: z.array(z.object({ raw: z.string() })).min(1),
  })),
});

/** Either form; a file's outermost brackets tell which errors are about. */
const file = z.unknown().transform((value, context) => {
  const { value: checked, faults } = Array.isArray(value)
    ? checkValue(list, value)
    : checkValue(original, value);
  if (faults === undefined) return checked;
  for (const { path, expected, found } of faults.slice(0, 1)) {
    context.addIssue({ code: "custom", path: [...path], message: expected, params: { found } });
  }
  return z.NEVER;
});

/**
 * The test split of Karpathy and Fei-Fei (2015), in either of its published forms: BLIP's list of
 * `{image, caption: [...]}` for one split, or the original `{images: [{filepath, filename, split,
 * sentences: [{raw}]}]}` of all splits.
 *
 * @throws {SyntaxError} if the file is of neither form, naming the file and the place.
 */
export async function readKarpathyTest(
  context: Pick<Context, "assets">,
  address: string,
): Promise<CaptionedPicture[]> {
  const data = await readAnnotations(context, address, file);
  if (Array.isArray(data)) {
    return data.map(({ image, caption }) => ({ file: image, captions: caption }));
  }
  return data.images.filter(({ split }) => split === "test").map((
    { filepath, filename, sentences },
  ) => ({
    file: filepath === undefined ? filename : `${filepath}/${filename}`,
    captions: sentences.map(({ raw }) => raw),
  }));
}
