import type { DataSet } from "../../core/dataset.ts";
import { pictureSize } from "../../core/host/images/decode.ts";
import type { PicturePool } from "../../core/images/picture_pool.ts";
import type { FaultList } from "./rows/fault_list.ts";
import type { TextRows } from "./rows/text_rows.ts";

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
  readonly faults: FaultList;
  /** Width and height of an example's picture where they are known, else 0. Default: none is known. */
  readonly sizeOf?: (index: number) => readonly [width: number, height: number];
  /** Where examples are read best one after another. */
  readonly stretches?: DataSet["stretches"] | undefined;
  /** Decodes the pictures. */
  readonly images: PicturePool;
}

/** A data set that knows how many captions an example has without reading them. */
export interface PictureSet extends DataSet {
  /** How many captions example `index` has. */
  captionCount(index: number): number;
}

/** Pictures with their captions as a {@linkcode DataSet}. */
export function createPictureSet(parts: PictureSetParts): PictureSet {
  const { name, rows, picture, faults: { faults, count: faultCount }, images, stretches } = parts;
  const sizeOf = parts.sizeOf ?? (() => [0, 0]);
  /** Those that were read. The system gives memory only to those that are written. */
  const sizes = new Uint32Array(2 * rows.length);
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
    faultCount,
    ...(stretches === undefined ? {} : { stretches }),
    captionCount: (index) => rows.count(index) - 1,
    record(index) {
      const [id, ...captions] = row(index);
      return { id: id!, captions };
    },
    async size(index) {
      const id = row(index)[0]!;
      if (sizes[2 * index] === 0) sizes.set(sizeOf(index), 2 * index);
      if (sizes[2 * index] === 0) {
        const source = await picture(index, id);
        const { width, height } = await pictureSize(
          source,
          typeof source === "string" ? source : id,
        );
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
