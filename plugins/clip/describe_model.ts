import { writeFileAtomically } from "../../core/host/storage/atomic_file.ts";
import type { JsonObject } from "../../core/component.ts";
import { openClipFit, transformersFit } from "../../core/images/square_fit.ts";
import type { DualEncoder } from "../../core/model.ts";
import type { ClipConfig } from "./config.ts";
import { huggingFaceConfig, huggingFacePreprocessor } from "./format_config.ts";

/** What is written of a model of open_clip's layout. */
export interface Described
  extends Pick<DualEncoder, "dim" | "image" | "text" | "preprocessing" | "logitBias"> {
  /** Its architecture, where it is a CLIP. */
  readonly config?: ClipConfig;
}

/**
 * Writes `config.json` and `preprocessor_config.json` for graphs of a model in open_clip's layout.
 *
 * A CLIP is described as transformers does it. Of all others `config.json` has the class of transformers.js
 * that takes such graphs, CLIP's or with a bias SigLIP's, and no word on what is in them.
 *
 * @throws {RangeError} if transformers has no setting for a part of the preprocessing.
 */
export async function writeDescription(folder: string, model: Described): Promise<void> {
  const { config: clip, preprocessing } = model;
  const config = clip !== undefined && isTransformers(clip)
    ? huggingFaceConfig(clip, "float32")
    : classOf(model);
  // Where the centre is, and when colours are converted, is the program's own way.
  const { oddPixel, convert } = transformersFit;
  const fit = { ...openClipFit, ...preprocessing.fit, oddPixel, convert };
  const files = {
    "config.json": config,
    "preprocessor_config.json": huggingFacePreprocessor({ ...preprocessing, fit }),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFileAtomically(`${folder}/${name}`, `${JSON.stringify(content, null, 2)}\n`);
  }
}

/** Whether it has nothing that transformers' CLIP cannot have. */
function isTransformers({ image, text }: ClipConfig): boolean {
  const fields = new Set([...Object.keys(image), ...Object.keys(text)]);
  for (const known of ["size", "patch", "width", "layers", "heads", "hidden"]) fields.delete(known);
  for (const known of ["context", "vocabulary"]) fields.delete(known);
  return fields.size === 0;
}

function classOf({ dim, image, text, logitBias }: Described): JsonObject {
  const type = logitBias === undefined ? "clip" : "siglip";
  return {
    architectures: [type === "clip" ? "CLIPModel" : "SiglipModel"],
    model_type: type,
    ...(type === "clip" ? { projection_dim: dim } : {}),
    vision_config: { model_type: `${type}_vision_model`, image_size: image.size },
    text_config: {
      model_type: `${type}_text_model`,
      max_position_embeddings: text.contextLength,
      vocab_size: text.vocabulary,
    },
  };
}
