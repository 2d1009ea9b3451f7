import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Captions for pictures, made by a model. */
const plugin: Plugin = definePlugin({
  name: "captioners",
  commands: {
    "caption-images": {
      description: "Writes captions for the pictures of a folder into a table.",
      load: () =>
        importLater<typeof import("./commands/caption_images_command.ts")>(
          "./commands/caption_images_command.ts",
          import.meta.url,
        ),
    },
  },
});

export default plugin;
