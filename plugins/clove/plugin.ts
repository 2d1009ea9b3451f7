import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** CLoVe: synthetic captions, and a word replaced by a related one. */
const plugin: Plugin = definePlugin({
  name: "clove",
  negatives: {
    "clove": async () =>
      (await importLater<typeof import("./replace.ts")>("./replace.ts", import.meta.url)).replace(),
    "clove-released": async () =>
      (await importLater<typeof import("./replace.ts")>("./replace.ts", import.meta.url)).replace({
        preset: "released",
      }),
  },
  recipes: {
    "clove-vitb32": {
      description: "CLoVe fine-tunes OpenAI's ViT-B/32 on synthetic captions, then patches it",
      load: () => importLater("../../recipes/clove_vitb32.ts", import.meta.url),
    },
    "clove-vitb16": {
      description: "CLoVe fine-tunes OpenAI's ViT-B/16 on synthetic captions, then patches it",
      load: () => importLater("../../recipes/clove_vitb16.ts", import.meta.url),
    },
    "clove-vitl14": {
      description: "CLoVe fine-tunes OpenAI's ViT-L/14 on synthetic captions, then patches it",
      load: () => importLater("../../recipes/clove_vitl14.ts", import.meta.url),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
