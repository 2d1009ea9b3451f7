import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Captions and pictures from files. */
const plugin: Plugin = definePlugin({
  name: "captions",
  data: {
    captionTable: {
      description: "a table of pictures and captions: CSV or TSV",
      load: async () =>
        (await importLater<typeof import("./caption_table.ts")>(
          "./caption_table.ts",
          import.meta.url,
        )).captionTable,
    },
    cocoCaptions: {
      description: "COCO's caption JSON",
      load: async () =>
        (await importLater<typeof import("./coco_captions.ts")>(
          "./coco_captions.ts",
          import.meta.url,
        )).cocoCaptions,
    },
    parquetCaptions: {
      description: "Parquet tables",
      load: async () =>
        (await importLater<typeof import("./parquet_captions.ts")>(
          "./parquet_captions.ts",
          import.meta.url,
        )).parquetCaptions,
    },
    webdataset: {
      description: "webdataset shards",
      load: async () =>
        (await importLater<typeof import("./webdataset.ts")>("./webdataset.ts", import.meta.url))
          .webdataset,
    },
    cogvlmLaion: {
      description: "CLIC's table of LAION with CogVLM's captions",
      load: async () =>
        (await importLater<typeof import("./cogvlm_laion.ts")>(
          "./cogvlm_laion.ts",
          import.meta.url,
        )).cogvlmLaion,
    },
    pixelProse: {
      description: "PixelProse",
      load: async () =>
        (await importLater<typeof import("./pixel_prose.ts")>("./pixel_prose.ts", import.meta.url))
          .pixelProse,
    },
    laionCoco: {
      description: "LAION-COCO",
      load: async () =>
        (await importLater<typeof import("./laion_coco.ts")>("./laion_coco.ts", import.meta.url))
          .laionCoco,
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
