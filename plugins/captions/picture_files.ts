import { isAbsolute, join } from "node:path";
import type { DataFault, DataSet, ExampleRecord } from "../../core/dataset.ts";
import type { PicturePool } from "../../core/images/picture_pool.ts";
import { createPictureSet } from "./picture_set.ts";
import { createTextRows } from "./rows/text_rows.ts";

/** What {@linkcode pictureFiles} makes a data set of. */
export interface PictureFiles {
  /** For people: the file that the examples were read from. */
  readonly name: string;
  /** Where relative paths of pictures start. */
  readonly folder: string;
  /** The examples; the `id` of each is the path of its picture. */
  readonly examples: Iterable<ExampleRecord>;
  /** What was left out. Default: nothing. */
  readonly faults?: readonly DataFault[];
  /** Decodes the pictures: `images` of the context. */
  readonly images: PicturePool;
}

/**
 * A data set of picture files with captions that a reader has found. Captions are kept outside the
 * script heap, pictures are read when they are asked for.
 *
 * @throws {SyntaxError} if there is no example, or one without a picture or a caption.
 *
 * @example
 * ```ts
 * import { openContext, pictureFiles } from "@syntagma/syntagma/authoring";
 *
 * using context = openContext();
 * const { images } = context;
 * const examples = [{ id: "cat.jpg", captions: ["a cat"] }];
 * const data = pictureFiles({ name: "mine", folder: "photos", examples, images });
 * console.assert(data.record(0).captions[0] === "a cat");
 * ```
 */
export function pictureFiles(
  { name, folder, examples, faults = [], images }: PictureFiles,
): DataSet {
  const rows = createTextRows();
  for (const { id, captions } of examples) {
    if (id === "" || captions.length === 0) {
      const missing = id === "" ? "the path of a picture" : `a caption of ${id}`;
      throw new SyntaxError(`${name}, example ${rows.length}: expected ${missing}, found none`);
    }
    rows.add([id, ...captions]);
  }
  if (rows.length === 0) throw new SyntaxError(`${name}: expected examples, found none`);
  const listed = { faults, count: faults.length };
  return createPictureSet({ name, rows, picture: pictureIn(folder), faults: listed, images });
}

/** The file of a picture whose path starts from a folder: `picture` of a picture set. */
export function pictureIn(folder: string): (index: number, id: string) => string {
  return (_, id) => isAbsolute(id) ? id : join(folder, id);
}
