import {
  AutoTokenizer,
  CLIPModel,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  Tensor,
} from "@huggingface/transformers";
import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { decodeImage } from "../../../core/host/images/decode.ts";
import { createImagePool } from "../../../core/host/images/pool.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { createNormalizer } from "../../../core/images/normalize.ts";
import { applyOperation } from "../../../core/images/operation.ts";
import { squareOf } from "../../../core/images/square_fit.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { exportModel } from "../../../plugins/export/export_model.ts";
import { relativeDifference, unitRows } from "../../helpers/compare.ts";
import { withFolder } from "../../helpers/with_folder.ts";

// Small models in open_clip's layout, and what open_clip makes of texts and pictures with them
// (tests/golden/README.md).
const golden = new URL("../../golden/", import.meta.url).pathname;
const items = JSON.parse(Deno.readTextFileSync(`${golden}family_folders/items.json`)) as {
  readonly texts: readonly string[];
  readonly pictures: readonly string[];
};
env.localModelPath = "";

for (const name of ["clipa", "clips", "worldwide", "roberta"] as const) {
  Deno.test(`exportModel: transformers.js gives open_clip's embeddings of ${name}, with its tokenizer`, () =>
    withFolder(async (folder) => {
      using images = createImagePool({ workers: 0 });
      const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
      const model = await clip({ weights: `${golden}family_folders/${name}` })
        .load({ assets, images, log: () => {} });
      await exportModel(model, { folder, precision: "float32" });
      const expected = await openSafetensors(
        `${golden}family_folders/${name}/expected.safetensors`,
      );
      const options = { local_files_only: true, dtype: "fp32" } as const;
      const tokenizer = await AutoTokenizer.from_pretrained(folder, options);
      // The others are too long: there transformers.js loses the end, unlike transformers.
      const texts = tokenizer([items.texts[0]!, items.texts[2]!], { padding: true });
      const text = await CLIPTextModelWithProjection.from_pretrained(folder, options);
      const textRows = (await text(texts)).text_embeds.data as Float32Array;
      const whole = await expected.readFloat32("texts");
      const all = Float32Array.of(
        ...[0, 2].flatMap((row) => [...whole.subarray(row * model.dim, (row + 1) * model.dim)]),
      );
      expect(relativeDifference(unitRows(textRows, model.dim), all)).toBeLessThan(1e-4);
      const { size } = model.preprocessing;
      const pixels = new Float32Array(items.pictures.length * 3 * size * size);
      const normalize = createNormalizer(model.preprocessing);
      for (const [i, file] of items.pictures.entries()) {
        const raster = await decodeImage(`${golden}preprocess/${file}`);
        const square = applyOperation(raster, squareOf(model.preprocessing));
        normalize(square, pixels, i * 3 * size * size);
      }
      const pixel_values = new Tensor("float32", pixels, [items.pictures.length, 3, size, size]);
      const vision = await CLIPVisionModelWithProjection.from_pretrained(folder, options);
      const rows = (await vision({ pixel_values })).image_embeds.data as Float32Array;
      const pictures = await expected.readFloat32("images");
      expect(relativeDifference(unitRows(rows, model.dim), pictures)).toBeLessThan(1e-4);
      const both = await CLIPModel.from_pretrained(folder, options);
      const { logits_per_image: logits } = await both({ ...texts, pixel_values });
      const scale = Math.exp((await model.read()).get(model.logitScale)!.data[0]!);
      const products = Array.from({ length: 4 }, (_, i) => {
        const [image, text] = [Math.floor(i / 2), i % 2].map((row) => row * model.dim) as [
          number,
          number,
        ];
        let product = 0;
        for (let k = 0; k < model.dim; k++) product += pictures[image + k]! * all[text + k]!;
        return scale * product;
      });
      expect(relativeDifference(logits.data as Float32Array, Float32Array.from(products)))
        .toBeLessThan(1e-4);
      // One token more than there are places is refused, not cut.
      const tooLong = new Tensor("int64", new BigInt64Array(model.text.contextLength + 1), [
        1,
        model.text.contextLength + 1,
      ]);
      await expect(text({ input_ids: tooLong })).rejects.toThrow("out of data bounds");
      for (const each of [text, vision, both]) await each.dispose();
    }));
}
