import { expect } from "expect";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createEncoder } from "../../../core/towers/encoder.ts";
import { createForward } from "../../../core/towers/forward.ts";
import { parameterSymbols } from "../../../core/towers/symbols.ts";
import { uploadParameters } from "../../../core/towers/device_parameters.ts";
import { createNormalizer } from "../../../core/images/normalize.ts";
import { squareCrop } from "../../../core/images/crop.ts";
import { createRandom } from "../../../core/random.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { miniClip } from "../../helpers/small_clip.ts";

const model = miniClip(6);
const { dim } = model;

/** Pictures of noise, wide and tall. */
const pictures = Array.from({ length: 5 }, (_, index): Raster => {
  const [width, height] = index % 2 === 0 ? [12, 10] : [9, 20];
  const random = createRandom(index, "picture");
  const data = Uint8Array.from({ length: width * height * 3 }, () => random.integer(256));
  return { width, height, data };
});
// As miniClip's tokenizer reads them: 3, 10, 6, 24 and 2 tokens.
const texts = ["1", "12345678", "9876", "1234567890123456789012", ""];

/** Rows of unit length, one tower call for each. */
async function oneByOne(): Promise<{ images: Float32Array; texts: Float32Array }> {
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const forward = createForward({ device, model, parameters, chunk: 1 });
  const normalize = createNormalizer(model.preprocessing);
  const unit = (row: Float32Array) => {
    const length = Math.hypot(...row);
    return Array.from(row, (value) => value / length);
  };
  const images: number[] = [];
  for (const picture of pictures) {
    const pixels = new Float32Array(3 * 64);
    normalize(squareCrop(picture, 8), pixels, 0);
    images.push(...unit(await forward.images(pixels, 1)));
  }
  const rows: number[] = [];
  for (const text of texts) {
    rows.push(...unit(await forward.texts([model.tokenizer.encode(text, 24)])));
  }
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
  return { images: Float32Array.from(images), texts: Float32Array.from(rows) };
}

Deno.test("createEncoder: rows of unit length in the order asked for, whatever the chunk", async () => {
  const expected = await oneByOne();
  expect(expected.images.length).toBe(5 * dim);
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  for (const chunk of [2, 3, 5, 64]) {
    const encoder = createEncoder({ device, model, parameters, chunk });
    const images = await encoder.images(5, (index) => Promise.resolve(pictures[index]!));
    expect(relativeDifference(images, expected.images)).toBeLessThan(1e-5);
    expect(relativeDifference(await encoder.texts(texts), expected.texts)).toBeLessThan(1e-5);
  }
  const encoder = createEncoder({ device, model, parameters, chunk: 4 });
  expect(await encoder.images(0, () => Promise.reject(new Error("none was asked for"))))
    .toEqual(new Float32Array(0));
  expect(await encoder.texts([])).toEqual(new Float32Array(0));
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});

Deno.test("createForward: the last chunk of pictures overlaps the one before it", async () => {
  // Five pictures in chunks of two: 0 and 1, 2 and 3, then 3 and 4, so that one program serves all.
  const device = await openDevice("cpu");
  const parameters = await uploadParameters(device, model);
  const random = createRandom(1);
  const pixels = Float32Array.from({ length: 5 * 192 }, () => random.normal());
  const compiled: number[] = [];
  const counting = {
    ...device,
    compile: (...args: Parameters<typeof device.compile>) => {
      compiled.push(1);
      return device.compile(...args);
    },
  };
  const chunks = createForward({ device: counting, model, parameters, chunk: 2 });
  const whole = createForward({ device, model, parameters, chunk: 5 });
  const found = await chunks.images(pixels, 5);
  expect(compiled.length).toBe(1);
  expect(relativeDifference(found, await whole.images(pixels, 5))).toBeLessThan(1e-5);
  for (const tensor of parameters.values()) tensor.dispose();
  await device.dispose();
});

Deno.test("parameterSymbols: remembers what was looked up, and names what is not there", () => {
  const { lookup, used } = parameterSymbols(model);
  expect(lookup("visual.proj")).toBe(lookup("visual.proj"));
  expect(lookup("visual.proj").shape).toEqual([32, 16]);
  expect([...used.keys()]).toEqual(["visual.proj"]);
  expect(() => lookup("visual.projection")).toThrow(
    'the model has no parameter "visual.projection"',
  );
});
