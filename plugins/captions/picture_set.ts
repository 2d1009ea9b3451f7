import type { DataFault, DataSet } from "../../core/dataset.ts";
import { imageSize } from "../../core/host/images/decode.ts";
import type { ImagePool } from "../../core/images/image_pool.ts";
import type { TextRows } from "./text_rows.ts";

/** What a data set of pictures with captions is made of. */
export interface PictureSetParts {
  /** For people. */
  readonly name: string;
  /** Of each example: what names its picture, then the captions. */
  readonly rows: TextRows;
  /**
   * The picture of an example: the path of its file, or its bytes.
   *
   * @param id What names it in the rows.
   */
  readonly picture: (index: number, id: string) => string | Promise<string | Uint8Array>;
  readonly faults: readonly DataFault[];
  /** Width and height of each example in turn, 0 where they are not known yet. */
  readonly sizes: Uint32Array;
  /** Decodes the pictures. */
  readonly images: ImagePool;
}

/** Pictures with their captions as a {@linkcode DataSet}. */
export function createPictureSet(parts: PictureSetParts): DataSet {
  const { name, rows, picture, faults, sizes, images } = parts;
  const row = (index: number): readonly string[] => {
    if (!Number.isInteger(index) || index < 0 || index >= rows.length) {
      throw new RangeError(
        `${name}: expected an example from 0 to ${rows.length - 1}, found ${index}`,
      );
    }
    return rows.get(index);
  };
  return {
    name,
    length: rows.length,
    faults,
    record(index) {
      const [id, ...captions] = row(index);
      return { id: id!, captions };
    },
    async size(index) {
      const id = row(index)[0]!;
      if (sizes[2 * index] === 0) {
        const source = await picture(index, id);
        const { width, height } = await imageSize(source, typeof source === "string" ? source : id);
        sizes.set([width, height], 2 * index);
      }
      return { width: sizes[2 * index]!, height: sizes[2 * index + 1]! };
    },
    async pixels(index, operation = { kind: "full" }) {
      const id = row(index)[0]!;
      const source = await picture(index, id);
      return await images.decode(source, operation, typeof source === "string" ? source : id);
    },
    fingerprint: async () => await Promise.resolve(rows.fingerprint()),
  };
}
