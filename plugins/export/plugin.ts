import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Models out again, for other programs. */
const plugin: Plugin = definePlugin({
  name: "export",
  commands: {
    "export": {
      description: "Writes a model as ONNX, for transformers.js and optimum.",
      load: () =>
        importLater<typeof import("./commands/export_command.ts")>(
          "./commands/export_command.ts",
          import.meta.url,
        ),
    },
  },
});

export default plugin;
