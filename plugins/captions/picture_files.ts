import type { DataFault, DataSet, ExampleRecord } from "../../core/dataset.ts";
import type { PicturePool } from "../../core/images/picture_pool.ts";
import { createPictureExamples, lacking } from "./picture_examples.ts";

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
 * script heap, pictures are read when they are asked for. Examples of one `id` have one picture.
 *
 * @throws {SyntaxError} if there is no example, or one without a picture or a caption, or with a
 *   blank one.
 * @throws {TypeError} if an example is no record of texts.
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
  const found = createPictureExamples();
  for (const example of examples) {
    const reason = lacking(example);
    if (reason !== undefined) {
      throw new SyntaxError(`${name}, example ${found.length}: ${reason}`);
    }
    found.add(example);
  }
  if (found.length === 0) throw new SyntaxError(`${name}: expected examples, found none`);
  return found.dataSet({ name, folder, faults, images });
}
