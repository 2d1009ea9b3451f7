import {
  AutoTokenizer,
  env,
  SiglipModel,
  SiglipTextModel,
  SiglipVisionModel,
  Tensor,
} from "@huggingface/transformers";
import { expect } from "expect";
import { openSafetensors } from "../../../core/host/storage/safetensors.ts";
import { exportModel } from "../../../plugins/export/export_model.ts";
import type { ExportOptions } from "../../../plugins/export/export_options.ts";
import { towerGraphs } from "../../../plugins/export/tower_graphs.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import { lora } from "../../../plugins/lora/lora.ts";
import { tinyClip } from "../../../plugins/scenes/tiny_clip.ts";
import { relativeDifference, unitRows } from "../../helpers/compare.ts";
import { miniClip } from "../../helpers/small_clip.ts";
import { withContext } from "../../helpers/with_context.ts";

// A small SigLIP, and what transformers makes of texts and pixels with it; with adapters, what PEFT does
// (tests/golden/README.md).
const golden = new URL("../../golden/", import.meta.url).pathname;
const items = JSON.parse(Deno.readTextFileSync(`${golden}family_folders/items.json`)) as {
  readonly texts: readonly string[];
};
env.localModelPath = "";
const siglip = clip({ weights: `${golden}family_folders/siglip` });

/** What transformers.js makes of a folder: embeddings of texts and pixels, each tower and both. */
async function embed(folder: string, dtype: "fp32" | "fp16") {
  const options = { local_files_only: true, dtype } as const;
  const expected = await openSafetensors(`${golden}adapters/lora/expected.safetensors`);
  const [rows, tokens] = expected.info("ids").shape as [number, number];
  const ids = await expected.read("ids") as BigInt64Array;
  const tokenizer = await AutoTokenizer.from_pretrained(folder, options);
  // Texts are made small before the tokenizer, as the model's program does it. One that is too long
  // loses its end in transformers.js, unlike in transformers: only the first is short.
  const padding = { padding: "max_length", max_length: tokens } as const;
  const { input_ids: first } = tokenizer(items.texts[0]!.toLowerCase(), padding);
  expect(first.data).toEqual(ids.slice(0, tokens));
  const input_ids = new Tensor("int64", ids, [rows, tokens]);
  const pixel_values = new Tensor(
    "float32",
    await expected.readFloat32("pixels"),
    [...expected.info("pixels").shape],
  );
  const text = await SiglipTextModel.from_pretrained(folder, options);
  const image = await SiglipVisionModel.from_pretrained(folder, options);
  const both = await SiglipModel.from_pretrained(folder, options);
  const alone = {
    texts: (await text({ input_ids })).pooler_output.data as Float32Array,
    images: (await image({ pixel_values })).pooler_output.data as Float32Array,
  };
  const joint = await both({ input_ids, pixel_values });
  for (const model of [text, image, both]) await model.dispose();
  return {
    texts: unitRows(alone.texts, 16),
    images: unitRows(alone.images, 16),
    logits: joint.logits_per_image as { readonly dims: number[]; readonly data: Float32Array },
    joint: joint.text_embeds.data as Float32Array,
  };
}

const cases: readonly (Pick<ExportOptions, "precision"> & { readonly tolerance: number })[] = [
  { precision: "float32", tolerance: 1e-4 },
  { precision: "float16", tolerance: 5e-3 },
];

for (const { precision, tolerance } of cases) {
  Deno.test(`exportModel: transformers.js gives transformers' embeddings in ${precision}, of any number`, () =>
    withContext(async (folder, context) => {
      const model = await siglip.load(context);
      await exportModel(model, { folder, precision });
      const found = await embed(folder, precision === "float32" ? "fp32" : "fp16");
      const expected = await openSafetensors(`${golden}family_folders/siglip/expected.safetensors`);
      const texts = await expected.readFloat32("texts");
      const images = await expected.readFloat32("images");
      expect(relativeDifference(found.texts, texts)).toBeLessThan(tolerance);
      expect(relativeDifference(found.joint, texts)).toBeLessThan(tolerance);
      expect(relativeDifference(found.images, images)).toBeLessThan(tolerance);
      // Two pictures with four texts: the scaled similarities and the bias.
      const values = await model.read();
      const scale = Math.exp(values.get(model.logitScale)!.data[0]!);
      const bias = values.get(model.logitBias!)!.data[0]!;
      const logits = Float32Array.from({ length: 8 }, (_, i) => {
        const [image, text] = [Math.floor(i / 4) * 16, i % 4 * 16];
        let product = 0;
        for (let k = 0; k < 16; k++) product += images[image + k]! * texts[text + k]!;
        return scale * product + bias;
      });
      expect(found.logits.dims).toEqual([2, 4]);
      expect(relativeDifference(found.logits.data, logits)).toBeLessThan(tolerance);
    }));
}

Deno.test("exportModel: adapters are merged, and a number of texts can be fixed", () =>
  withContext(async (folder, context) => {
    const model = await lora({ model: siglip, adapter: `${golden}adapters/lora` }).load(context);
    await exportModel(model, { folder, precision: "float32" });
    const expected = await openSafetensors(`${golden}adapters/lora/expected.safetensors`);
    const { texts, images } = await embed(folder, "fp32");
    expect(relativeDifference(texts, await expected.readFloat32("texts"))).toBeLessThan(1e-4);
    expect(relativeDifference(images, await expected.readFloat32("images"))).toBeLessThan(1e-4);
    await exportModel(model, { folder, precision: "float32", batch: 3 });
    await expect(embed(folder, "fp32")).rejects.toThrow("Expected: 3");
  }));

Deno.test("exportModel: a model whose tokenizer no other program has is refused", async () => {
  const model = await tinyClip({ weights: "random" }).generate(0);
  await expect(exportModel(model, { folder: "/nowhere", precision: "float32" })).rejects.toThrow(
    "export: expected a model with a tokenizer that other programs have",
  );
});

Deno.test("towerGraphs: equal weights give equal bytes, in half as many for float16", async () => {
  const model = miniClip(1);
  const weights = await model.read();
  const bytes = (precision: ExportOptions["precision"]) =>
    towerGraphs(model, weights, { precision, batch: undefined }).text_model("text_embeds");
  expect(bytes("float32")).toEqual(bytes("float32"));
  const values = model.parameters.filter(({ part }) => part === "text")
    .reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const saved = bytes("float32").length - bytes("float16").length;
  expect(saved).toBeGreaterThan(1.7 * values);
});
