import type { Assets } from "../../../core/assets.ts";
import { PictureError } from "../../../core/images/picture_error.ts";
import type { PicturePool } from "../../../core/images/picture_pool.ts";
import type { Raster } from "../../../core/images/raster.ts";

/**
 * A picture as a person has it: the path or address (`https:…`, `hf:…`) of a file, the file's bytes,
 * or its pixels.
 */
export type Picture = string | URL | Uint8Array | Raster;

/**
 * The pixels of a picture, decoded as benchmarks do it.
 *
 * @param place Its place among others, from 0, for errors.
 * @throws {PictureError} if it cannot be decoded, or is none.
 * @throws {AssetError} if there is no such file.
 */
export async function readRaster(
  picture: Picture,
  place: number,
  { assets, images }: { readonly assets: Assets; readonly images: PicturePool },
): Promise<Raster> {
  if (typeof picture === "string" || picture instanceof URL) {
    const address = String(picture);
    return await images.decode(await assets.file(address), { kind: "full" }, address);
  }
  if (picture instanceof Uint8Array) {
    return await images.decode(picture, { kind: "full" }, `picture ${place}`);
  }
  checkRaster(picture, place);
  return picture;
}

function checkRaster(raster: Raster, place: number): void {
  const { width, height, data } = raster ?? {};
  const isWhole = data instanceof Uint8Array && Number.isInteger(width) && width >= 1 &&
    Number.isInteger(height) && height >= 1 && data.length === width * height * 3;
  if (isWhole) return;
  throw new PictureError(
    `picture ${place}`,
    "expected a path, an address, a file's bytes (Uint8Array) or pixels " +
      `{ width, height, data } with 3 bytes a pixel, found ${describe(raster)}`,
  );
}

function describe(value: unknown): string {
  if (typeof value !== "object" || value === null) return `${value}`;
  const { width, height, data } = value as Partial<Raster>;
  if (!(data instanceof Uint8Array)) return `an object with ${Object.keys(value).join(", ")}`;
  return `${width} x ${height} pixels with ${data.length} bytes`;
}
