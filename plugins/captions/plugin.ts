import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Captions and pictures from files. */
const plugin: Plugin = definePlugin({
  name: "captions",
  data: {
    captions: {
      description: "tables, COCO's JSON, JSON lines, Parquet, webdataset shards, folders",
      load: async () =>
        (await importLater<typeof import("./captions.ts")>("./captions.ts", import.meta.url))
          .captions,
    },
    mixedCaptions: {
      description: "several sources by weight",
      load: async () =>
        (await importLater<typeof import("./mixed_captions.ts")>(
          "./mixed_captions.ts",
          import.meta.url,
        )).mixedCaptions,
    },
  },
  commands: {
    "download-images": {
      description: "Downloads the pictures that a table of captions gives the addresses of.",
      load: () =>
        importLater<typeof import("./commands/download_images_command.ts")>(
          "./commands/download_images_command.ts",
          import.meta.url,
        ),
    },
  },
});

export default plugin;
