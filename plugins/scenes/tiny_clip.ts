/**
 * The embedded CLIP: small enough to be shipped, trained on the embedded world.
 *
 * @module
 */
import { z } from "zod";
import { packageFile } from "../../core/host/assets/package_file.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import { openCheckpoint } from "../../core/host/storage/checkpoint.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { Json } from "../../core/component.ts";
import type { Context } from "../../core/context.ts";
import type { DualEncoder, ModelSource } from "../../core/model.ts";
import { clipParameters } from "../clip/parameters.ts";
import { clipFeatures } from "../clip/dual_encoder.ts";
import { initialValues } from "../clip/initial_values.ts";
import { openClipConfig } from "../clip/format_config.ts";
import { openClipNames } from "../clip/names.ts";
import { readWeights } from "../clip/read_weights.ts";
import { writeModelFolder } from "../clip/weights.ts";
import { TINY_CLIP, TINY_PREPROCESSING, tinyClipModel } from "./tiny_clip_model.ts";

/** Options of {@linkcode tinyClip}. */
export interface TinyClipOptions {
  /**
   * `"shipped"` for the weights of this package, `"random"` to begin from nothing, or the address of
   * an `open_clip_model.safetensors` that a run has left. Default `"shipped"`.
   */
  readonly weights?: string;
}

const schema = z.strictObject({ weights: z.string().min(1).default("shipped") });

/**
 * A CLIP of 0.7 M parameters over the words of {@linkcode scenes}: pictures of 48 × 48 pixels in
 * patches of 24, texts of up to 62 words. The shipped weights come from the recipe `pretrain-tiny`.
 *
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { tinyClip } from "@syntagma/syntagma/scenes";
 *
 * const model = await tinyClip({ weights: "random" }).generate(1);
 * console.assert(model.dim === 128);
 * ```
 */
export const tinyClip: (options?: TinyClipOptions) => ModelSource<"patches" | "tokens" | "pooled"> =
  defineComponent({
    name: "tinyClip",
    schema,
    make: ({ weights }) => ({
      gives: clipFeatures,
      load: (context) => weights === "random" ? generate(0) : load(weights, context),
      generate,
    }),
  });

const parameters = clipParameters(TINY_CLIP, openClipNames);

/** Whether a folder holds a {@linkcode tinyClip}, as a run leaves it. */
export async function isTinyFolder(folder: string): Promise<boolean> {
  const found = await readJson(`${folder}/open_clip_config.json`).catch(() => null) as
    | { readonly model_cfg?: Json }
    | null;
  const own = openClipConfig(TINY_CLIP, TINY_PREPROCESSING, openClipNames);
  return JSON.stringify(found?.model_cfg) === JSON.stringify(own.model_cfg);
}

function create(name: string, read: DualEncoder["read"]): DualEncoder {
  return tinyClipModel(name, {
    read,
    write: (folder, values) =>
      writeModelFolder(folder, {
        config: TINY_CLIP,
        names: openClipNames,
        preprocessing: TINY_PREPROCESSING,
        values,
      }),
  });
}

function generate(seed: number): Promise<DualEncoder> {
  return Promise.resolve(
    create(
      `random weights, seed ${seed}`,
      () => Promise.resolve(initialValues(TINY_CLIP, parameters, seed)),
    ),
  );
}

async function load(weights: string, { assets }: Context): Promise<DualEncoder> {
  const path = weights === "shipped"
    ? await packageFile("./tiny_clip.safetensors", import.meta.url, { assets })
    : await assets.file(weights);
  const file = await openCheckpoint(path);
  return create(weights, () => readWeights(file, parameters));
}
