import { applyOperation } from "../../core/images/operation.ts";
import type { DataSet, ExampleRecord } from "../../core/dataset.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import type { Raster } from "../../core/images/raster.ts";

/** One example of {@linkcode memoryDataSet}. */
export interface MemoryExample {
  readonly captions: readonly string[];
  /** A picture of one colour, or `null` for a file that cannot be read. */
  readonly picture: {
    readonly width: number;
    readonly height: number;
    readonly color: readonly [number, number, number];
  } | null;
}

/** A data set of captions and plain pictures. */
export function memoryDataSet(examples: readonly MemoryExample[]): DataSet {
  const picture = (index: number) => {
    const found = examples[index]!.picture;
    if (found === null) throw new PictureError(`picture ${index}`, "cannot be read");
    return found;
  };
  return {
    name: "memory",
    length: examples.length,
    faults: [],
    record: (index: number): ExampleRecord => ({
      id: `example ${index}`,
      captions: examples[index]!.captions,
    }),
    size: (index: number) =>
      new Promise((resolve) => {
        const { width, height } = picture(index);
        resolve({ width, height });
      }),
    pixels: (index, operation = { kind: "full" }): Promise<Raster> =>
      new Promise((resolve) => resolve(applyOperation(plain(picture(index)), operation))),
    fingerprint: () => Promise.resolve("memory"),
  };
}

function plain({ width, height, color }: NonNullable<MemoryExample["picture"]>): Raster {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => color[i % 3]!);
  return { width, height, data };
}
