import type { DualEncoder, ModelSource, Tokenizer } from "../../core/model.ts";
import type { ClipConfig } from "../../plugins/clip/config.ts";
import { createClip } from "../../plugins/clip/dual_encoder.ts";
import { initialValues } from "../../plugins/clip/initial_values.ts";
import { openClipNames } from "../../plugins/clip/names.ts";
import { clipNormalization } from "../../plugins/clip/normalization.ts";
import { clipParameters } from "../../plugins/clip/parameters.ts";
import { writeModelFolder } from "../../plugins/clip/weights.ts";

/** A CLIP of any size with random weights, as a recipe's model: what it loads is that of the seed 7. */
export function randomClipSource(
  { name, model, config, tokenizer }: {
    readonly name: string;
    /** The name of what it loads. */
    readonly model: string;
    readonly config: ClipConfig;
    readonly tokenizer: Tokenizer | Promise<Tokenizer>;
  },
): ModelSource {
  const names = openClipNames;
  const preprocessing = { ...clipNormalization, size: config.image.size };
  const generate = async (seed: number): Promise<DualEncoder> => {
    const values = initialValues(config, clipParameters(config, names), seed);
    return createClip({
      name: model,
      ...{ config, names, preprocessing },
      tokenizer: await tokenizer,
      read: () => Promise.resolve(values),
      write: (folder, values) => writeModelFolder(folder, { config, names, preprocessing, values }),
    });
  };
  const source: ModelSource = {
    name,
    options: {},
    load: () => generate(7),
    generate,
    with: () => source,
  };
  return source;
}
