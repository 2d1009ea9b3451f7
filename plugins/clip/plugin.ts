import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** The CLIP family of models. */
const plugin: Plugin = definePlugin({
  name: "clip",
  models: {
    clip: {
      form: "a folder, an hf: repository, a safetensors, .pt or .bin file",
      source: async (weights, options) => {
        const { clip } = await importLater<typeof import("./clip.ts")>(
          "./clip.ts",
          import.meta.url,
        );
        return clip({ weights, ...options });
      },
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
