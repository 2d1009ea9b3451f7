/**
 * CLIP models as recipes name them.
 *
 * @module
 */
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DualEncoder, ModelSource } from "../../core/model.ts";
import type { ClipOptions } from "./clip_options.ts";
import { architecture, type PlainArchitecture } from "./config.ts";
import { withContext } from "./context.ts";
import { clipFeatures, createClip } from "./dual_encoder.ts";
import { FAMILY_ARCHITECTURES, isFamilyArchitecture } from "./family_architectures.ts";
import { initialValues } from "./initial_values.ts";
import { fitOf, tokenizerOf } from "./layout_habits.ts";
import { loadModel } from "./load_model.ts";
import { generateParts } from "./load_parts.ts";
import { type ClipNames, openClipNames } from "./names.ts";
import { clipNormalization } from "./normalization.ts";
import { clipParameters, onlyNamed } from "./parameters.ts";
import { clipTokenizer } from "./tokenizer.ts";
import { writeModelFolder } from "./weights.ts";

const schema = z.strictObject({
  weights: z.string().min(1),
  architecture: z.enum([
    "ViT-B-32-quickgelu",
    "ViT-B-16-quickgelu",
    "ViT-L-14-quickgelu",
    "ViT-B-32",
    "ViT-B-16",
    "ViT-L-14",
    "ViT-H-14",
    "ViT-g-14",
    "ViT-bigG-14",
    ...FAMILY_ARCHITECTURES,
  ]).exactOptional(),
  activation: z.enum(["quick_gelu", "gelu"]).exactOptional(),
  // A start and an end token at least.
  context: z.int().min(2).exactOptional(),
  part: z.string().min(1).exactOptional(),
}).superRefine(({ architecture: name, activation }, { addIssue }) => {
  if (name === undefined || activation === undefined) return;
  if (isFamilyArchitecture(name)) {
    addIssue({ code: "custom", path: ["activation"], message: `none, as ${name} tells it` });
    return;
  }
  const own = architecture(name).activation;
  if (activation === own) return;
  addIssue({ code: "custom", path: ["activation"], message: `${own}, which ${name} has` });
});

/**
 * A CLIP with a vision transformer, from weights in any of their usual homes.
 *
 * It computes in float32, and what it has been trained to is written in float32, since float16 and
 * bfloat16 have no room for small steps of training; a patched model has the precision of `weights`.
 *
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { clip } from "@syntagma/syntagma/clip";
 *
 * const model = clip({
 *   weights: "hf:timm/vit_base_patch32_clip_224.openai/open_clip_model.safetensors",
 *   architecture: "ViT-B-32-quickgelu",
 * });
 * console.assert(model.name === "clip");
 * ```
 */
export const clip: (options: ClipOptions) => ModelSource<"patches" | "tokens" | "pooled"> =
  defineComponent({
    name: "clip",
    schema,
    make: (options) => ({
      gives: clipFeatures,
      load: (context) => loadModel(options, context),
      generate: async (seed) => {
        if (options.architecture === undefined) {
          throw new RangeError(
            "clip.architecture: generated weights need it; expected one such as ViT-B-32-quickgelu",
          );
        }
        return isFamilyArchitecture(options.architecture)
          ? generateParts(options.architecture, seed)
          : await generateClip(options.architecture, seed, openClipNames, options.context);
      },
    }),
  });

/**
 * A CLIP of a known architecture with random weights, under open_clip's names or others.
 *
 * @param context The most tokens of a text. Default: the architecture's.
 * @throws {RangeError} if the architecture has fewer places than `context`.
 */
export async function generateClip(
  name: PlainArchitecture,
  seed: number,
  names: ClipNames = openClipNames,
  context?: number,
): Promise<DualEncoder> {
  const whole = architecture(name);
  const config = context === undefined ? whole : withContext(whole, context, name);
  const parameters = clipParameters(config, names);
  const preprocessing = {
    ...clipNormalization,
    size: config.image.size,
    fit: fitOf(names),
  };
  return createClip({
    name: `${name} (random weights, seed ${seed})`,
    config,
    names,
    tokenizer: await clipTokenizer(tokenizerOf(names)),
    preprocessing,
    read: (wanted) => Promise.resolve(initialValues(config, onlyNamed(parameters, wanted), seed)),
    write: (folder, values) => writeModelFolder(folder, { config, names, preprocessing, values }),
  });
}
