import { z } from "zod";
import { isComponent } from "../../core/component.ts";
import { defineComponent } from "../../core/define_component.ts";
import type { DualEncoder, ModelFeature, ModelSource } from "../../core/model.ts";
import { readAdapterConfig, readAdapters } from "./adapter_folder.ts";
import { chooseAdapters } from "./choose_adapters.ts";
import { linearLayers } from "./linear_layers.ts";
import { withAdapters } from "./with_adapters.ts";

/** Options of {@linkcode lora}. */
export interface LoraOptions<Feature extends ModelFeature = never> {
  /** The model around which adapters are put. */
  readonly model: ModelSource<Feature>;
  /**
   * Which linear layers get one: names of layers or their ends (`"q_proj"`, `"mlp.fc1"`), in which `*`
   * stands for anything, or towers (`"text"`). Not for adapters that are read.
   */
  readonly targets?: readonly string[];
  /** What of these is left alone, by the same names. Default: nothing. */
  readonly exclude?: readonly string[];
  /** Rows and columns of the small matrices. Default 8. */
  readonly rank?: number;
  /** The factor on what they add is `alpha / rank`. Default: the rank. */
  readonly alpha?: number;
  /** The factor is `alpha / √rank` (Kalajdzievski 2023). Default false. */
  readonly rankStabilized?: boolean;
  /** Whether the lengths of the changed rows are trained by themselves (Liu et al. 2024). Default false. */
  readonly dora?: boolean;
  /** Seed of the first values. Default 0. */
  readonly seed?: number;
  /** A folder or repository of PEFT with adapters to begin with, in place of new ones. */
  readonly adapter?: string;
}

const schema = z.strictObject({
  model: z.custom<ModelSource>((value) => isComponent(value) && "load" in value, {
    error: "expected a model",
  }),
  targets: z.array(z.string().regex(/\S/)).min(1).exactOptional(),
  exclude: z.array(z.string().regex(/\S/)).default([]),
  rank: z.int().min(1).exactOptional(),
  alpha: z.number().positive().exactOptional(),
  rankStabilized: z.boolean().exactOptional(),
  dora: z.boolean().exactOptional(),
  seed: z.int().min(0).default(0),
  adapter: z.string().min(1).exactOptional(),
}).superRefine(({ adapter, ...options }, { addIssue }) => {
  if (adapter === undefined) {
    if (options.targets !== undefined) return;
    addIssue({ code: "custom", path: ["targets"], message: "names of layers, or adapter" });
    return;
  }
  for (const name of ["targets", "rank", "alpha", "rankStabilized", "dora"] as const) {
    if (options[name] === undefined) continue;
    addIssue({ code: "custom", path: [name], message: "none, as the adapter tells it" });
  }
});

type Options = z.infer<typeof schema>;

/**
 * A model of which low-rank changes of linear layers are trained and nothing else: LoRA (Hu et al.
 * 2021), `W + alpha/rank · B·A`, and DoRA. The weights themselves have no gradient and nothing in the
 * optimiser or in checkpoints. What is written is the model with the changes merged into its weights,
 * for whatever reads such a model, and the adapters in the folder `adapter` in it, as PEFT reads them.
 *
 * Layers have the names of the weights' own layout. In transformers' those of queries, keys and values
 * are `q_proj`, `k_proj` and `v_proj`. open_clip's have them in one matrix, `attn.in_proj_weight`: the
 * layer `attn` is the whole of it with one adapter, as in PEFT; `q_proj`, `k_proj` and `v_proj` are
 * thirds of it with an adapter each, as in transformers' layout. `attn.out_proj` has none there.
 *
 * @throws {SettingsError} if an option is unknown or has a wrong value.
 *
 * @example
 * ```ts
 * import { clip } from "@syntagma/syntagma/clip";
 * import { lora } from "@syntagma/syntagma/lora";
 *
 * const model = lora({
 *   model: clip({ weights: "hf:openai/clip-vit-base-patch32" }),
 *   targets: ["text_model.*.q_proj", "text_model.*.v_proj"],
 *   rank: 8,
 *   alpha: 16,
 * });
 * console.assert(model.name === "lora");
 * ```
 */
export const lora: <Feature extends ModelFeature = never>(
  options: LoraOptions<Feature>,
) => ModelSource<Feature> = defineComponent({
  name: "lora",
  schema,
  make: (options) => ({
    ...(options.model.gives === undefined ? {} : { gives: options.model.gives }),
    load: async (context) => {
      const base = await options.model.load(context);
      const { adapter } = options;
      if (adapter === undefined) return newAdapters(base, options);
      const layers = linearLayers(base);
      const config = await readAdapterConfig(adapter, context.assets);
      const read = await readAdapters(adapter, { config, layers, assets: context.assets });
      return withAdapters(base, { adapters: read.adapters, layers, config, start: read.values });
    },
    generate: async (seed) => {
      if (options.adapter === undefined) {
        return newAdapters(await options.model.generate(seed), options);
      }
      throw new RangeError(
        "lora.adapter: expected none for generated weights; expected targets, rank and alpha",
      );
    },
    // What the model gives, and no more; its own type says what that is.
  } as Pick<ModelSource<ModelFeature>, "gives" | "load" | "generate">),
});

function newAdapters(base: DualEncoder, options: Options): DualEncoder {
  const { targets = [], exclude, rank = 8, seed } = options;
  const { alpha = rank, rankStabilized = false, dora = false } = options;
  const layers = linearLayers(base);
  const choice = { rank, alpha, rankStabilized, dora };
  return withAdapters(base, {
    adapters: chooseAdapters(layers, { targets, exclude, ...choice }),
    layers,
    config: { base: weightsOf(options.model), ...choice },
    start: seed,
  });
}

/** The weights that a model is made of, as PEFT names a repository or folder; null if none are known. */
function weightsOf({ options }: ModelSource): string | null {
  const { weights } = options;
  return typeof weights === "string" ? weights.replace(/^hf:/, "") : null;
}
