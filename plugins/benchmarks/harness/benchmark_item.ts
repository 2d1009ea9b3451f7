import type { Rectangle } from "../../../core/images/rectangle.ts";

/** What a model is asked at a time. */
export interface BenchmarkItem {
  /** The annotation file's key, or the position in it. */
  readonly id: string;
  /**
   * The pictures that are compared with every text: `file` is a picture's path in the folder of
   * pictures, `box` the part that is shown (what lies outside the picture is black, as where Pillow
   * crops), `bytes` gives those of its file where it stands inside another one and is not to be looked
   * for.
   */
  readonly images: readonly {
    readonly file: string;
    readonly box?: Rectangle | undefined;
    readonly bytes?: () => Promise<Uint8Array>;
  }[];
  /** The texts, a true one first where there is such. */
  readonly texts: readonly string[];
  /** Pairs of texts, by position, that are compared with each other. */
  readonly textPairs?: readonly (readonly [number, number])[];
  /** What macro averages are taken over. */
  readonly group?: string | undefined;
}

/** A picture file that an item compares, or a part of one. */
export type PictureReference = BenchmarkItem["images"][number];

/** The items that are scored together under one name. */
export interface BenchmarkSubset {
  /** The name, as of CLIP_benchmark: `"sugar_crepe/add_att"`. */
  readonly dataset: string;
  /**
   * How many items it has in the authors' files. Default: `null`, that it is not known, so that those
   * which the annotations hold count as all.
   */
  readonly official?: number | null;
  /** Those that the annotations hold; an item without an `id` has its position, from 0, as its own. */
  readonly items: readonly (Omit<BenchmarkItem, "id"> & Partial<Pick<BenchmarkItem, "id">>)[];
}
