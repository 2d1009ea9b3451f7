import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Weights between those of a model and of its fine-tune. */
const plugin: Plugin = definePlugin({
  name: "patching",
  commands: {
    "patch": {
      description: "Writes the model between two others, or scores all models between them.",
      load: () =>
        importLater<typeof import("./commands/patch_command.ts")>(
          "./commands/patch_command.ts",
          import.meta.url,
        ),
    },
  },
  literature: async () =>
    (await importLater<typeof import("./literature.ts")>("./literature.ts", import.meta.url))
      .LITERATURE,
});

export default plugin;
