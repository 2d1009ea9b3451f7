import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { imageToText } from "../../../plugins/captioners/image_to_text.ts";
import { writeTinyCaptioner } from "../../helpers/tiny_captioner.ts";
import { withFolder } from "../../helpers/with_folder.ts";

function plain(color: readonly [number, number, number], width = 12, height = 9): Raster {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => color[i % 3]!);
  return { width, height, data };
}

const pictures = [plain([200, 40, 30]), plain([0, 0, 255]), plain([10, 90, 20], 5, 20)];

function contextOf(folder: string) {
  const assets = createAssets({ cache: `${folder}/cache`, offline: true });
  return { assets, log: () => {} };
}

Deno.test("imageToText: writes a caption for each picture, in their order", () =>
  withFolder(async (folder) => {
    await writeTinyCaptioner(folder);
    const captioner = await imageToText({ model: folder }).prepare!(contextOf(folder));
    const captions = await captioner.caption(pictures);
    expect(captions).toEqual(["a red picture", "a blue picture", "a green picture"]);
    expect(await captioner.caption([])).toEqual([]);
    await captioner.close!();
  }));

Deno.test("imageToText: takes at most so many tokens, and the quantized files if asked to", () =>
  withFolder(async (folder) => {
    await writeTinyCaptioner(folder, true);
    const { prepare } = imageToText({ model: folder, quantized: true, maxTokens: 2 });
    const captioner = await prepare!(contextOf(folder));
    // The quantized test model has the colours the wrong way round.
    expect(await captioner.caption(pictures)).toEqual(["a blue", "a red", "a green"]);
    await captioner.close!();
    // The others are not there.
    await expect(imageToText({ model: folder }).prepare!(contextOf(folder)))
      .rejects.toThrow("encoder_model.onnx");
  }));

Deno.test("imageToText: finds the files of a repository in the cache", () =>
  withFolder(async (folder) => {
    await writeTinyCaptioner(`${folder}/cache/hf/someone/captioner/main`);
    const captioner = await imageToText({ model: "hf:someone/captioner" })
      .prepare!(contextOf(folder));
    expect(await captioner.caption([pictures[0]!])).toEqual(["a red picture"]);
    await captioner.close!();
  }));

Deno.test("imageToText: what is no such model is named", () =>
  withFolder(async (folder) => {
    await writeTinyCaptioner(folder);
    await Deno.writeTextFile(`${folder}/onnx/encoder_model.onnx`, "no graph");
    await expect(imageToText({ model: folder }).prepare!(contextOf(folder))).rejects.toThrow(
      `${folder}: expected a model of type vision-encoder-decoder for transformers.js (`,
    );
  }));

Deno.test("imageToText: has to be prepared, and checks its options", async () => {
  const captioner = imageToText({ model: "folder" });
  expect(captioner.options).toEqual({ model: "folder", quantized: false, maxTokens: 32 });
  expect(captioner.with({ maxTokens: 5 }).options).toMatchObject({ maxTokens: 5 });
  await expect(captioner.caption(pictures)).rejects.toThrow("expected to be prepared");
  await captioner.close!();
  expect(() => imageToText({ model: "folder", maxTokens: 0 })).toThrow("imageToText.maxTokens");
});
