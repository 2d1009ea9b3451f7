import { expect } from "expect";
import { createAssets } from "../../../core/host/assets/create_assets.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { transformersFit } from "../../../core/images/square_fit.ts";
import { float32ToBfloat16 } from "../../../core/host/storage/half_precision.ts";
import { writeSafetensors } from "../../../core/host/storage/safetensors_writer.ts";
import type { Context } from "../../../core/context.ts";
import { clip } from "../../../plugins/clip/clip.ts";
import type { ClipConfig } from "../../../plugins/clip/config.ts";
import { clipNormalization } from "../../../plugins/clip/normalization.ts";
import { clipParameters } from "../../../plugins/clip/parameters.ts";
import { huggingFaceNames } from "../../../plugins/clip/names.ts";
import { initialValues } from "../../../plugins/clip/initial_values.ts";
import { interpolateCheckpoints } from "../../../plugins/patching/interpolate_checkpoints.ts";
import { companionFor, sharedDtype } from "../../../plugins/clip/companions.ts";
import { huggingFaceConfig, huggingFacePreprocessor } from "../../../plugins/clip/format_config.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const config: ClipConfig = {
  dim: 8,
  activation: "quick_gelu",
  epsilon: 1e-5,
  image: { size: 32, patch: 16, width: 8, layers: 1, heads: 2, hidden: 16 },
  text: { context: 8, vocabulary: 49408, width: 8, layers: 1, heads: 2, hidden: 16 },
};

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("companionFor: every element type of config.json becomes that of the weights, and nothing else", () => {
  // As transformers 5 writes it, with the towers' types and numbers that end in .0.
  const config = `{
  "dtype": "bfloat16",
  "initializer_factor": 1.0,
  "text_config": { "dtype": "bfloat16", "layer_norm_eps": 1e-05 },
  "vision_config": {"torch_dtype":null}
}
`;
  expect(companionFor("config.json", bytes(config), "float32")).toBe(
    config.replaceAll('"bfloat16"', '"float32"').replace("null", '"float32"'),
  );
  const half = config.replace("null", '"bfloat16"');
  expect(companionFor("config.json", bytes(half), "bfloat16")).toEqual(bytes(half));
  // Not said, it is said now: otherwise the file's first tensor would decide.
  expect(
    JSON.parse(companionFor("config.json", bytes('{"model_type":"clip"}'), "float32") as string),
  )
    .toEqual({ torch_dtype: "float32", model_type: "clip" });
  const other = bytes('{"dtype":"bfloat16"}');
  expect(companionFor("tokenizer_config.json", other, "float32")).toBe(other);
});

Deno.test("sharedDtype: the half precision that all floats have, else float32", () => {
  expect(sharedDtype(["F16", "I64", "F16"])).toBe("float16");
  expect(sharedDtype(["BF16"])).toBe("bfloat16");
  for (const mixed of [["F16", "BF16"], ["F32", "F16"], ["F64"], ["I64"], []]) {
    expect(sharedDtype(mixed)).toBe("float32");
  }
});

async function withModel(
  work: (place: { folder: string; context: Context }) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    using images = createPicturePool({ workers: 0 });
    const assets = createAssets({ cache: `${folder}/.cache`, offline: true });
    const values = initialValues(config, clipParameters(config, huggingFaceNames), 1);
    await Deno.mkdir(`${folder}/half`);
    await writeSafetensors(
      `${folder}/half/model.safetensors`,
      [...values].map(([name, { shape, data }]) => ({
        ...{ name, shape, dtype: "BF16" as const },
        data: float32ToBfloat16(data),
      })),
    );
    const text = JSON.stringify(huggingFaceConfig(config, "bfloat16"));
    await Deno.writeTextFile(`${folder}/half/config.json`, text);
    await work({ folder, context: { assets, images, log: () => {} } });
  });
}

const dtypeIn = (folder: string) =>
  JSON.parse(Deno.readTextFileSync(`${folder}/config.json`)).torch_dtype;

Deno.test("clip: what was trained in float32 is told to be float32, what is still half is told so", () =>
  withModel(async ({ folder, context }) => {
    const model = await clip({ weights: `${folder}/half` }).load(context);
    const read = await model.read();
    await model.write(`${folder}/same`, read);
    expect(dtypeIn(`${folder}/same`)).toBe("bfloat16");
    const trained = new Map(
      [...read].map(([name, { shape, data }]) => [name, {
        shape,
        data: data.map((value) => value + 1e-6),
      }]),
    );
    await model.write(`${folder}/trained`, trained);
    expect(dtypeIn(`${folder}/trained`)).toBe("float32");
    // A patch of both has the pretrained weights' type again, unless it is to have all digits.
    for (const [dtype, name] of [["pretrained", "bfloat16"], ["float32", "float32"]] as const) {
      const out = `${folder}/patched-${dtype}`;
      await interpolateCheckpoints(
        ...[`${folder}/half`, `${folder}/trained`, 0.5, out] as const,
        context.assets,
        dtype,
      );
      expect(dtypeIn(out)).toBe(name);
    }
  }));

Deno.test("clip: the image processor of processor_config.json counts, goes along, and may not be contradicted", () =>
  withModel(async ({ folder, context }) => {
    const weights = `${folder}/half`;
    const expected = {
      ...{ ...clipNormalization, size: 32 },
      fit: { ...transformersFit, interpolation: "bilinear" },
    } as const;
    const image_processor = huggingFacePreprocessor(expected);
    const nested = JSON.stringify({ image_processor, processor_class: "CLIPProcessor" });
    await Deno.writeTextFile(`${weights}/processor_config.json`, nested);
    const model = await clip({ weights }).load(context);
    expect(model.preprocessing).toEqual(expected);
    await model.write(`${folder}/out`, await model.read());
    expect(Deno.readTextFileSync(`${folder}/out/processor_config.json`)).toBe(nested);

    // The same in the older file is no contradiction.
    const older = `${weights}/preprocessor_config.json`;
    await Deno.writeTextFile(older, JSON.stringify(image_processor));
    expect((await clip({ weights }).load(context)).preprocessing).toEqual(expected);
    await Deno.writeTextFile(older, JSON.stringify({ ...image_processor, resample: 3 }));
    await expect(clip({ weights }).load(context)).rejects.toThrow(
      `${weights}/processor_config.json and ${older} contradict each other`,
    );
    await Deno.writeTextFile(older, JSON.stringify({ ...image_processor, crop_size: 31 }));
    await expect(clip({ weights }).load(context)).rejects.toThrow(
      `${older}: crop_size: expected 32 x 32, the image tower's input, found 31 x 31`,
    );
  }));

Deno.test("clip: a vocabulary that is not CLIP's has another tokenizer, and is refused", () =>
  withModel(async ({ folder, context }) => {
    const weights = `${folder}/half`;
    const other = { ...config, text: { ...config.text, vocabulary: 901_629 } };
    const text = JSON.stringify(huggingFaceConfig(other, "float32"));
    await Deno.writeTextFile(`${weights}/config.json`, text);
    await expect(clip({ weights }).load(context)).rejects.toThrow(
      `${weights}/model.safetensors: expected a text tower of CLIP's own vocabulary of 49408 tokens, ` +
        "found one of 901629: it has another tokenizer",
    );
  }));

Deno.test("clip: a folder with an adapter is told what it is", () =>
  withModel(async ({ folder, context }) => {
    await Deno.remove(`${folder}/half/model.safetensors`);
    await Deno.writeTextFile(`${folder}/half/adapter_config.json`, "{}");
    await expect(clip({ weights: `${folder}/half` }).load(context)).rejects.toThrow(
      "expected the weights of a whole model, found an adapter (LoRA)",
    );
  }));
