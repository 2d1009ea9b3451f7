import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Adapters around models. */
const plugin: Plugin = definePlugin({
  name: "lora",
  models: {
    lora: {
      form: "lora:<folder or hf: repository of adapters as PEFT keeps them>",
      source: async (reference, options) => {
        const adapter = /^lora:(.+)$/.exec(reference)?.[1];
        if (adapter === undefined) return undefined;
        const { adaptersOnTheirBase } = await importLater<
          typeof import("./adapters_on_their_base.ts")
        >("./adapters_on_their_base.ts", import.meta.url);
        return adaptersOnTheirBase({ adapter, ...options });
      },
    },
  },
  recipes: {
    "clic-lora-vitb32": {
      description: "CLIC fine-tunes adapters in the text side of OpenAI's ViT-B/32",
      load: () => importLater("../../recipes/clic_lora_vitb32.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
