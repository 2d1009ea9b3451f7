import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ModelSource } from "../../core/model.ts";
import type { ArchitectureName } from "./architecture_name.ts";
import type { ClipOptions } from "./clip_options.ts";
import { FAMILY_ARCHITECTURES } from "./family_architectures.ts";
import { loadModel } from "./load_model.ts";
import { generateParts } from "./load_parts.ts";

/** The architectures of SigLIP among those that recipes name. */
type SiglipArchitecture = Extract<ArchitectureName, `${string}-SigLIP${string}`>;

const isSiglip = (name: string): name is SiglipArchitecture => name.includes("-SigLIP");

const schema = z.strictObject({
  weights: z.string().min(1),
  architecture: z.enum(FAMILY_ARCHITECTURES.filter(isSiglip)).exactOptional(),
  part: z.string().min(1).exactOptional(),
});

/**
 * A SigLIP or SigLIP 2 of a fixed size, in the layout of open_clip (timm's repositories) or of
 * transformers, or another model whose similarities have a bias. `clip` reads the same weights; what it
 * gives to losses does not have the bias.
 *
 * @param options.architecture What the weights are expected to be; needed for a dry run, which
 *   generates them.
 * @throws {RangeError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { siglip } from "@syntagma/syntagma/clip";
 *
 * const model = siglip({ weights: "hf:timm/ViT-B-16-SigLIP2", architecture: "ViT-B-16-SigLIP2" });
 * console.assert(model.name === "siglip");
 * ```
 */
export const siglip: (
  options: Pick<ClipOptions, "weights" | "part"> & {
    readonly architecture?: Extract<ArchitectureName, `${string}-SigLIP${string}`>;
  },
) => ModelSource<"tokens" | "pooled" | "logitBias"> = defineComponent({
  name: "siglip",
  schema,
  make: (options) => ({
    gives: { tokens: true, pooled: true, logitBias: true } as const,
    load: async (context) => {
      const model = await loadModel(options, context);
      if (model.logitBias !== undefined) return model;
      throw new RangeError(
        `siglip.weights: expected weights with a bias of similarities, as SigLIP's, found ${model.name}`,
      );
    },
    generate: (seed) => {
      if (options.architecture !== undefined) {
        return Promise.resolve(generateParts(options.architecture, seed));
      }
      return Promise.reject(
        new RangeError(
          "siglip.architecture: generated weights need it; expected one such as ViT-B-16-SigLIP2",
        ),
      );
    },
  }),
});
