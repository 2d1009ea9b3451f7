import {
  AutoTokenizer,
  CLIPModel,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  env,
  SiglipModel,
  SiglipTextModel,
  SiglipVisionModel,
  Tensor,
} from "@huggingface/transformers";
import { expect } from "expect";
import { decodePicture } from "../../../core/host/images/decode.ts";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { createNormalizer } from "../../../core/images/normalize.ts";
import { applyOperation } from "../../../core/images/operation.ts";
import { squareOf } from "../../../core/images/square_fit.ts";
import type { DualEncoder } from "../../../core/model.ts";
import { exportModel } from "../../../plugins/export/export_model.ts";
import { relativeDifference, unitRows } from "../../helpers/compare.ts";
import {
  copyFamily,
  expectedEmbeddings,
  familyItems,
  type FamilyName,
  familyNames,
  familySource,
  withFamilies,
} from "../../helpers/family_folders.ts";

// Small models in open_clip's layout, and what open_clip makes of texts and pictures with them
// (tests/golden/README.md).
const golden = new URL("../../golden/", import.meta.url).pathname;
env.localModelPath = "";

/** Texts that are short enough: of others transformers.js loses the end, unlike transformers. */
const SHORT = [0, 2];
const options = { local_files_only: true, dtype: "fp32" } as const;

for (const name of familyNames.filter((name) => name !== "siglip")) {
  Deno.test(`exportModel: transformers.js gives open_clip's embeddings of ${name}, with its tokenizer`, () =>
    withFamilies(async (folder, { context }) => {
      const weights = await copyFamily(name, folder);
      const model = await (await familySource(weights)).load(context);
      await exportModel(model, { folder, precision: "float32" });
      const expected = await openSafetensors(expectedEmbeddings(name));
      const texts = await tokens(folder, model, name);
      const { text, vision, both, dispose } = await opened(folder);
      const textRows = await text(texts);
      const whole = await expected.readFloat32("texts");
      const all = Float32Array.of(
        ...SHORT.flatMap((row) => [...whole.subarray(row * model.dim, (row + 1) * model.dim)]),
      );
      expect(relativeDifference(unitRows(textRows, model.dim), all)).toBeLessThan(1e-4);
      const pixel_values = await pixels(model);
      const rows = await vision({ pixel_values });
      const pictures = await expected.readFloat32("images");
      expect(relativeDifference(unitRows(rows, model.dim), pictures)).toBeLessThan(1e-4);
      const logits = await both({ ...texts, pixel_values });
      const values = await model.read();
      const [scale, bias] = [model.logitScale, model.logitBias]
        .map((name) => name === undefined ? 0 : values.get(name)!.data[0]!) as [number, number];
      const products = Array.from({ length: 4 }, (_, i) => {
        const [image, text] = [Math.floor(i / 2), i % 2].map((row) => row * model.dim) as [
          number,
          number,
        ];
        let product = 0;
        for (let k = 0; k < model.dim; k++) product += pictures[image + k]! * all[text + k]!;
        return Math.exp(scale) * product + bias;
      });
      expect(relativeDifference(logits, Float32Array.from(products)))
        .toBeLessThan(1e-4);
      // One token more than there are places is refused, not cut.
      const length = model.text.contextLength + 1;
      const tooLong = new Tensor("int64", new BigInt64Array(length), [1, length]);
      await expect(text({ input_ids: tooLong })).rejects.toThrow("out of data bounds");
      await dispose();
    }));
}

/** The texts' tokens by the exported tokenizer; CLIP's own takes a second to open, and is so once. */
async function tokens(folder: string, { text, tokenizer }: DualEncoder, name: FamilyName) {
  const texts = SHORT.map((i) => familyItems.texts[i]!);
  if (text.vocabulary < 49408 || name === "coca") {
    const exported = await AutoTokenizer.from_pretrained(folder, options);
    const { input_ids } = exported(texts, { padding: true });
    return { input_ids };
  }
  const rows = texts.map((text) => tokenizer.encode(text, 77));
  const longest = Math.max(...rows.map((row) => row.length));
  const ids = rows.flatMap((row) => Array.from({ length: longest }, (_, i) => row[i] ?? 0));
  return { input_ids: new Tensor("int64", BigInt64Array.from(ids, BigInt), [2, longest]) };
}

/** The pictures' pixels, made ready here. */
async function pixels({ preprocessing }: DualEncoder): Promise<Tensor> {
  const { size } = preprocessing;
  const { pictures } = familyItems;
  const values = new Float32Array(pictures.length * 3 * size * size);
  const normalize = createNormalizer(preprocessing);
  for (const [i, file] of pictures.entries()) {
    const raster = await decodePicture(`${golden}preprocess/${file}`);
    normalize(applyOperation(raster, squareOf(preprocessing)), values, i * 3 * size * size);
  }
  return new Tensor("float32", values, [pictures.length, 3, size, size]);
}

type Inputs = Readonly<Record<string, Tensor>>;

/** What transformers.js makes of a folder, by the classes of the type that its configuration names. */
async function opened(folder: string) {
  const { model_type } = JSON.parse(await Deno.readTextFile(`${folder}/config.json`));
  const isSiglip = model_type === "siglip";
  const [texts, images, joint] = isSiglip
    ? [SiglipTextModel, SiglipVisionModel, SiglipModel]
    : [CLIPTextModelWithProjection, CLIPVisionModelWithProjection, CLIPModel];
  const models = await Promise.all([
    texts.from_pretrained(folder, options),
    images.from_pretrained(folder, options),
    joint.from_pretrained(folder, options),
  ]);
  const [text, vision, both] = models.map((model, i) => async (inputs: Inputs) => {
    const output = ["text_embeds", "image_embeds", "logits_per_image"][i]!;
    const found = await model(inputs);
    return found[isSiglip && i < 2 ? "pooler_output" : output].data as Float32Array;
  }) as [Run, Run, Run];
  const dispose = async () => {
    for (const model of models) await model.dispose();
  };
  return { text, vision, both, dispose };
}

type Run = (inputs: Inputs) => Promise<Float32Array>;
