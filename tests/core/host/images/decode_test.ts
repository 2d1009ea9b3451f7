import { expect } from "expect";
import sharp from "sharp";
import { decodePicture, pictureSize } from "../../../../core/host/images/decode.ts";
import { PictureError } from "../../../../core/images/picture_error.ts";

const photo = new URL("../../../data/photos/000000161044.jpg", import.meta.url).pathname;

/** A picture of `channels` channels, encoded without loss. */
function encode(
  format: "png" | "tiff",
  width: number,
  values: Uint8Array | Uint16Array,
  channels: 1 | 2 | 3 | 4,
): Promise<Uint8Array> {
  const raw = { width, height: values.length / width / channels, channels };
  return sharp(values, { raw })[format]().toBuffer();
}

async function pictureErrorOf(promise: Promise<unknown>): Promise<PictureError> {
  const error = await promise.then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(PictureError);
  return error;
}

Deno.test("decodePicture: transparency is dropped, not blended", async () => {
  const png = await encode("png", 2, new Uint8Array([10, 20, 30, 0, 40, 50, 60, 128]), 4);
  expect(await decodePicture(png)).toMatchObject({ width: 2, height: 1 });
  expect([...(await decodePicture(png)).data]).toEqual([10, 20, 30, 40, 50, 60]);
});

Deno.test("decodePicture: grey is expanded, with and without transparency", async () => {
  const grey = await encode("png", 3, new Uint8Array([0, 100, 255]), 1);
  expect([...(await decodePicture(grey)).data]).toEqual([0, 0, 0, 100, 100, 100, 255, 255, 255]);
  const clear = await encode("png", 2, new Uint8Array([7, 0, 200, 90]), 2);
  expect([...(await decodePicture(clear)).data]).toEqual([7, 7, 7, 200, 200, 200]);
});

Deno.test("decodePicture: a palette is expanded", async () => {
  // Four colours of a full-colour picture, which the encoder puts into a palette.
  const colors = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 9, 9]];
  const raw = { width: 2, height: 2, channels: 3 as const };
  const png = await sharp(new Uint8Array(colors.flat()), { raw }).png({ palette: true }).toBuffer();
  expect((await sharp(png).metadata()).isPalette).toBe(true);
  expect([...(await decodePicture(png)).data]).toEqual(colors.flat());
});

Deno.test("decodePicture: of 16 bits the high byte is kept", async () => {
  const raw = { width: 1, height: 1, channels: 3 as const };
  const png = await sharp(new Uint16Array([0x1234, 0xfffe, 0x00ff]), { raw })
    .toColourspace("rgb16").png().toBuffer();
  expect((await sharp(png).metadata()).depth).toBe("ushort");
  expect([...(await decodePicture(png)).data]).toEqual([0x12, 0xff, 0x00]);
});

Deno.test("decodePicture: CMYK becomes what Pillow makes of it", async () => {
  // A 4 x 3 TIFF of random CMYK values and its `convert("RGB")`, both written by Pillow.
  const tiff = Uint8Array.fromBase64(
    "SUkqAAgAAAAKAAABBAABAAAABAAAAAEBBAABAAAAAwAAAAIBAwAEAAAAhgAAAAMBAwABAAAAAQAAAAYBAwABAAAABQAA" +
      "ABEBBAABAAAAjgAAABUBAwABAAAABAAAABYBBAABAAAAAwAAABcBBAABAAAAMAAAABwBAwABAAAAAQAAAAAAAAAIAAgA" +
      "CAAIAKwvdcBD+8NnCdMV8iRXRthYjDrB5idXrlhRpRlNSAmUc9Dzxf5Pr8BSY9ix8x2Tkw==",
  );
  expect([...(await decodePicture(tiff)).data]).toEqual([
    ...[21, 51, 34, 112, 2, 36, 13, 2, 12, 33, 26, 28, 41, 28, 48, 8, 69, 53],
    ...[151, 157, 81, 75, 77, 103, 32, 11, 3, 0, 43, 20, 53, 48, 12, 5, 96, 46],
  ]);
});

Deno.test("decodePicture: the EXIF orientation is ignored", async () => {
  const raw = { width: 2, height: 1, channels: 3 as const };
  const turned = await sharp(new Uint8Array([1, 1, 1, 250, 250, 250]), { raw })
    .withMetadata({ orientation: 6 }).png().toBuffer();
  expect((await sharp(turned).metadata()).orientation).toBe(6);
  expect(await decodePicture(turned)).toMatchObject({ width: 2, height: 1 });
});

Deno.test("decodePicture: a file and its bytes give the same picture", async () => {
  const raster = await decodePicture(photo);
  expect(raster.data.length).toBe(640 * 229 * 3);
  expect(await decodePicture(await Deno.readFile(photo))).toEqual(raster);
});

Deno.test("decodePicture: a missing file is named", async () => {
  const error = await pictureErrorOf(decodePicture("no/such.jpg"));
  expect(error.where).toBe("no/such.jpg");
  expect(error.reason).toContain("found no file at no/such.jpg");
});

Deno.test("decodePicture: a picture that ends early, and what is no picture, are refused", async () => {
  const bytes = await Deno.readFile(photo);
  const half = await pictureErrorOf(decodePicture(bytes.subarray(0, bytes.length / 2), "row 7"));
  expect(half.where).toBe("row 7");
  expect(half.reason).toContain("premature end");
  const png = await encode("png", 64, new Uint8Array(64 * 64 * 3).map((_, i) => i * 31), 3);
  await pictureErrorOf(decodePicture(png.subarray(0, png.length / 2)));
  for (const junk of [new Uint8Array(), new TextEncoder().encode("<!doctype html>")]) {
    expect((await pictureErrorOf(decodePicture(junk))).where).toBe("picture bytes");
  }
});

Deno.test("pictureSize: width and height without decoding", async () => {
  expect(await pictureSize(photo)).toEqual({ width: 640, height: 229 });
});

Deno.test("pictureSize: a missing file and what is no picture are refused", async () => {
  expect((await pictureErrorOf(pictureSize("no/such.jpg"))).reason).toContain("found no file");
  const here = new URL(import.meta.url).pathname;
  expect((await pictureErrorOf(pictureSize(here))).reason).toContain("cannot be decoded");
});

Deno.test("decodePicture: AVIF within the stated distance of Pillow's libavif", async () => {
  const path = new URL("../../../golden/images/avif_pillow.json", import.meta.url);
  const golden = JSON.parse(await Deno.readTextFile(path));
  const bounds = { "4:2:0": { most: 77, mean: 2.2 }, "4:4:4": { most: 2, mean: 0.1 } };
  expect(golden.length).toBe(2);
  for (const { subsampling, avif, width, height, pixels } of golden) {
    const { data, ...size } = await decodePicture(Uint8Array.fromBase64(avif));
    expect(size).toEqual({ width, height });
    const wanted = Uint8Array.fromBase64(pixels);
    const distances = data.map((value, i) => Math.abs(value - wanted[i]!));
    const { most, mean } = bounds[subsampling as keyof typeof bounds];
    expect(Math.max(...distances)).toBeLessThanOrEqual(most);
    expect(distances.reduce((sum, distance) => sum + distance, 0) / distances.length)
      .toBeLessThanOrEqual(mean);
  }
});
