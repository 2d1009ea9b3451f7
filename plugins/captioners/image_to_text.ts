import { importLater } from "../../core/import_later.ts";
import { resolve } from "node:path";
import { z } from "zod";
import { joinAddress } from "../../core/host/assets/address.ts";
import type { Assets } from "../../core/assets.ts";
import { defineComponent } from "../../core/define_component.ts";

import type { Raster } from "../../core/images/raster.ts";
import type { Captioner } from "./captioner.ts";

const schema = z.strictObject({
  model: z.string().min(1),
  quantized: z.boolean().default(false),
  maxTokens: z.int().min(1).default(32),
});

/** Beside the graphs. */
const FILES = [
  "config.json",
  "preprocessor_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
];

/**
 * A captioner on transformers.js (`@huggingface/transformers`, loaded when it is prepared): a model
 * of type `vision-encoder-decoder` on the native CPU, which always takes the likeliest token, so that
 * a picture's caption is always the same.
 *
 * `prepare` throws an `AssetError` if a file cannot be had, and an `Error` that names the model if
 * transformers.js cannot load it.
 *
 * @param options.model A folder or repository (`hf:Xenova/vit-gpt2-image-captioning`) with a vision
 *   encoder and text decoder in transformers.js' form: `onnx/encoder_model.onnx`,
 *   `onnx/decoder_model_merged.onnx`.
 * @param options.quantized Whether to take the model's files with 8-bit weights
 *   (`…_quantized.onnx`). Default `false`.
 * @param options.maxTokens The most tokens of a caption. Default 32.
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { imageToText } from "@syntagma/syntagma/captioners";
 *
 * const captioner = imageToText({ model: "hf:Xenova/vit-gpt2-image-captioning" });
 * console.assert(captioner.options.maxTokens === 32);
 * ```
 */
export const imageToText: (
  options: { readonly model: string; readonly quantized?: boolean; readonly maxTokens?: number },
) => Captioner = defineComponent({
  name: "imageToText",
  schema,
  make: (options) => ({
    prepare: async (context) => {
      const engine = await load(options, context.assets);
      return {
        ...imageToText(options),
        async caption(images: readonly Raster[]): Promise<string[]> {
          const captions: string[] = [];
          for (const image of images) captions.push(await engine.caption(image));
          return captions;
        },
        close: () => engine.close(),
      };
    },
    caption: () =>
      Promise.reject(new Error("imageToText: expected to be prepared before it writes captions")),
    close: () => Promise.resolve(),
  }),
});

type Options = z.infer<typeof schema>;

interface Engine {
  caption(image: Raster): Promise<string>;
  close(): Promise<void>;
}

async function load(options: Options, assets: Assets): Promise<Engine> {
  const { model: address, quantized, maxTokens } = options;
  const folder = await fetchModel(address, quantized, assets);
  const { AutoModelForVision2Seq, AutoProcessor, AutoTokenizer, RawImage, Tensor } =
    await importLater<typeof import("../language/transformers.ts")>(
      "../language/transformers.ts",
      import.meta.url,
    );
  const choices = {
    local_files_only: true,
    device: "cpu",
    dtype: quantized ? "q8" : "fp32",
  } as const;
  const [tokenizer, processor, model] = await Promise.all([
    AutoTokenizer.from_pretrained(folder, choices),
    AutoProcessor.from_pretrained(folder, choices),
    AutoModelForVision2Seq.from_pretrained(folder, choices),
  ]).catch((cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `${address}: expected a model of type vision-encoder-decoder for transformers.js (${reason})`,
      { cause },
    );
  });
  return {
    async caption({ data, width, height }: Raster): Promise<string> {
      const picture = new RawImage(new Uint8ClampedArray(data), width, height, 3);
      const { pixel_values } = await processor([picture]);
      const tokens = await model.generate({
        inputs: pixel_values,
        max_new_tokens: maxTokens,
        do_sample: false,
      });
      if (!(tokens instanceof Tensor)) throw new TypeError(`${address}: expected token ids`);
      const [caption = ""] = tokenizer.batch_decode(tokens, { skip_special_tokens: true });
      return caption.replace(/\s+/g, " ").trim();
    },
    close: async () => {
      await model.dispose();
    },
  };
}

/** The folder that all of the model's files are in, absolute. */
async function fetchModel(address: string, quantized: boolean, assets: Assets): Promise<string> {
  const ending = quantized ? "_quantized" : "";
  const graphs = ["encoder_model", "decoder_model_merged"].map((name) =>
    `onnx/${name}${ending}.onnx`
  );
  const folders = new Set<string>();
  const note = (name: string, path: string) => folders.add(resolve(path).slice(0, -name.length));
  for (const name of [...FILES, ...graphs]) {
    note(name, await assets.file(joinAddress(address, name)));
  }
  // Names the start and end token where config.json does not.
  const settings = "generation_config.json";
  const path = await assets.optionalFile(joinAddress(address, settings));
  if (path !== undefined) note(settings, path);
  const [folder, ...others] = folders;
  if (others.length > 0) {
    throw new Error(
      `${address}: expected the model's files in one folder, found them in ${
        [...folders].join(", ")
      }`,
    );
  }
  return folder!;
}
