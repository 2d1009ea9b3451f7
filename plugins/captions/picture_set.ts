import { isAbsolute, join } from "node:path";
import { type ImagePool, imageSize } from "../../core/images/mod.ts";
import type { DataFault, DataSet } from "../../mod.ts";
import type { TextRows } from "./text_rows.ts";

/** What a data set of picture files is made of. */
export interface PictureSetParts {
  /** For people. */
  readonly name: string;
  /** Of each example: the picture's path as its table writes it, then the captions. */
  readonly rows: TextRows;
  /** The folder that relative paths start from. */
  readonly folder: string;
  readonly faults: readonly DataFault[];
  /** Width and height of each example in turn, 0 where they are not known yet. */
  readonly sizes: Uint32Array;
  /** Decodes the pictures. */
  readonly images: ImagePool;
}

/** Picture files in a folder with their captions, as a {@linkcode DataSet}. */
export function createPictureSet(parts: PictureSetParts): DataSet {
  const { name, rows, folder, faults, sizes, images } = parts;
  const row = (index: number): readonly string[] => {
    if (!Number.isInteger(index) || index < 0 || index >= rows.length) {
      throw new RangeError(
        `${name}: expected an example from 0 to ${rows.length - 1}, found ${index}`,
      );
    }
    return rows.get(index);
  };
  const path = (index: number): string => {
    const id = row(index)[0]!;
    return isAbsolute(id) ? id : join(folder, id);
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
      const file = path(index);
      if (sizes[2 * index] === 0) {
        const { width, height } = await imageSize(file);
        sizes.set([width, height], 2 * index);
      }
      return { width: sizes[2 * index]!, height: sizes[2 * index + 1]! };
    },
    // An async function, so that a wrong index rejects as a missing file does.
    pixels: async (index, operation = { kind: "full" }) =>
      await images.decode(path(index), operation),
    fingerprint: () => rows.fingerprint(),
  };
}
