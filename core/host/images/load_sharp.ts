import { importLater } from "../../import_later.ts";

/**
 * The decoder of pictures, loaded when the first picture is decoded: with it come 37 MB of native
 * libraries, which a run on drawn pictures does not need.
 */
export async function loadSharp(): Promise<typeof import("./sharp.ts").default> {
  const { default: sharp } = await importLater<typeof import("./sharp.ts")>(
    "./sharp.ts",
    import.meta.url,
  );
  return sharp;
}
