import { expect } from "expect";
import { createAssets } from "../../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../../core/host/images/pool.ts";
import { type Picture, readRaster } from "../../../../plugins/app/models/picture.ts";

Deno.test("readRaster: what is no picture is refused by its place and what was found", async () => {
  using images = createPicturePool({ workers: 0 });
  const world = { images, assets: createAssets({ cache: "/nowhere", offline: true }) };
  const read = (picture: unknown) => readRaster(picture as Picture, 4, world);
  const raster = { width: 1, height: 2, data: new Uint8Array(6) };
  expect(await read(raster)).toBe(raster);
  await expect(read({ ...raster, height: 3 })).rejects
    .toThrow("picture 4: expected a path, an address, a file's bytes (Uint8Array) or pixels");
  await expect(read({ ...raster, height: 3 })).rejects.toThrow("found 1 x 3 pixels with 6 bytes");
  await expect(read({ path: "cat.jpg" })).rejects.toThrow("found an object with path");
  await expect(read(undefined)).rejects.toThrow("found undefined");
  await expect(read(Uint8Array.of(1, 2, 3))).rejects.toThrow("picture 4");
  await expect(read("/nowhere/cat.jpg")).rejects.toThrow("/nowhere/cat.jpg");
});
