import { expect } from "expect";
import { decodePicture, pictureSize } from "../../../../core/host/images/decode.ts";
import { squareCrop } from "../../../../core/images/crop.ts";
import { openClipFit, transformersFit } from "../../../../core/images/square_fit.ts";
import { PictureError } from "../../../../core/images/picture_error.ts";

/** GIFs in Base64, and what Pillow's `convert("RGB")` makes of each. */
const golden: readonly {
  readonly name: string;
  readonly gif: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: string;
}[] = JSON.parse(
  await Deno.readTextFile(new URL("../../../golden/images/gif_pillow.json", import.meta.url)),
);

for (const { name, gif, width, height, pixels } of golden) {
  Deno.test(`decodePicture: a GIF as Pillow has it: ${name}`, async () => {
    const bytes = Uint8Array.fromBase64(gif);
    const raster = await decodePicture(bytes);
    expect([raster.width, raster.height]).toEqual([width, height]);
    expect(raster.data).toEqual(Uint8Array.fromBase64(pixels));
    expect(await pictureSize(bytes)).toEqual({ width, height });
  });
}

Deno.test("decodePicture, pictureSize: a picture beyond Pillow's limit is refused by its header", async () => {
  // A GIF of one pixel that says it has 65,535 × 65,535.
  const gif = Uint8Array.fromBase64("R0lGODdhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=");
  gif.fill(0xff, 6, 10);
  const most = "more than 178956970, Pillow's limit";
  for (const read of [decodePicture, pictureSize]) {
    const error = await read(gif).catch((error) => error);
    expect(error).toBeInstanceOf(PictureError);
    expect(error.message).toContain(`65535 × 65535 pixels, ${most}`);
  }
});

Deno.test("squareCrop: a GIF's transparent pixels as open_clip and transformers have them", async () => {
  const path = new URL("../../../golden/images/gif_transparent_fits.json", import.meta.url);
  const fits = JSON.parse(await Deno.readTextFile(path));
  const raster = await decodePicture(Uint8Array.fromBase64(fits.gif));
  expect(squareCrop(raster, fits.size, openClipFit).data.toBase64()).toBe(fits.open_clip);
  // In front of white, where open_clip keeps the palette's colour.
  expect(squareCrop(raster, fits.size, transformersFit).data.toBase64()).toBe(fits.transformers);
});

Deno.test("decodePicture: a GIF that is cut off or broken is an PictureError, at every byte", async () => {
  const whole = Uint8Array.fromBase64(golden.find(({ name }) => name.startsWith("photo"))!.gif);
  // The last two bytes end the blocks and the file: the pixels are whole without them, as for Pillow.
  const { data } = await decodePicture(whole.subarray(0, whole.length - 2));
  expect(data).toEqual((await decodePicture(whole)).data);
  for (let length = 6; length < whole.length - 2; length += 13) {
    await expect(decodePicture(whole.subarray(0, length))).rejects.toThrow(PictureError);
  }
  const early = Uint8Array.from(whole);
  // The smallest code of the pixels has 8 bits: found by the palette's size, it stands behind it.
  const at = early.findLastIndex((byte, i) => byte === 8 && early[i - 10] === 0x2c);
  early[at] = 12;
  await expect(decodePicture(early)).rejects.toThrow("codes of 12 bits");
});
