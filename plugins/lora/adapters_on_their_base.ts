import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { ModelSource } from "../../core/model.ts";
import { clip } from "../clip/clip.ts";
import { readAdapterConfig } from "./adapter_folder.ts";
import { lora } from "./lora.ts";

/** Options of {@linkcode adaptersOnTheirBase}. */
export interface AdaptersOnTheirBaseOptions {
  /** A folder or repository of PEFT. */
  readonly adapter: string;
  /** Of the base model, as `clip` takes it. */
  readonly activation?: "quick_gelu" | "gelu";
  /** Of the base model, as `clip` takes it. */
  readonly part?: string;
}

const schema = z.strictObject({
  adapter: z.string().min(1),
  activation: z.enum(["quick_gelu", "gelu"]).exactOptional(),
  part: z.string().min(1).exactOptional(),
});

/**
 * Adapters around the base model that their description names: a folder or file of this machine where
 * it begins with `/`, `./`, `../` or `~`, else a repository of the Hugging Face hub.
 */
export const adaptersOnTheirBase: (
  options: AdaptersOnTheirBaseOptions,
) => ModelSource<"patches" | "tokens" | "pooled"> = defineComponent({
  name: "adaptersOnTheirBase",
  schema,
  make: ({ adapter, ...options }) => ({
    gives: { patches: true, tokens: true, pooled: true } as const,
    load: async (context) => {
      const { base } = await readAdapterConfig(adapter, context.assets);
      if (base === null) {
        throw new RangeError(
          `${adapter}: expected adapters that name their base model (base_model_name_or_path), found ` +
            "none; lora({ model, adapter }) in a recipe names it",
        );
      }
      const weights = /^(\.{0,2}\/|~)/.test(base) || base.includes(":") ? base : `hf:${base}`;
      context.log(`${adapter}: adapters around ${weights}`);
      return await lora({ model: clip({ weights, ...options }), adapter }).load(context);
    },
    generate: () =>
      Promise.reject(new RangeError("adaptersOnTheirBase.adapter: expected none for a dry run")),
  }),
});
