import type { PictureOperation } from "./operation.ts";
import type { Raster } from "./raster.ts";

/** Decodes and resizes pictures away from the thread that trains. */
export interface PicturePool extends Disposable {
  /**
   * The picture after `operation`: the same bytes whatever the number of workers.
   *
   * @param source The path of a file, or the file's bytes (copied to the worker).
   * @param where Names the picture in errors; default: the path.
   * @throws {PictureError} if the picture is missing or cannot be decoded.
   * @throws {RangeError} if a size of the operation is not a whole number of at least 1.
   */
  decode(
    source: string | Uint8Array,
    operation: PictureOperation,
    where?: string,
  ): Promise<Raster>;
  /** Ends the workers, which keep the process alive until then; pictures under way are rejected. */
  close(): void;
}
