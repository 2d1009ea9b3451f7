import { importLater } from "../../core/import_later.ts";
import { definePlugin, type Plugin } from "../../core/plugin.ts";

/** Hard negatives written ahead of training. */
const plugin: Plugin = definePlugin({
  name: "negatives",
  objectives: {
    frozenNegatives: {
      description: "negatives that were written before",
      load: async () =>
        (await importLater<typeof import("./frozen_negatives.ts")>(
          "./frozen_negatives.ts",
          import.meta.url,
        )).frozenNegatives,
    },
  },
  commands: {
    "write-negatives": {
      description: "Writes the hard negatives of a table's captions ahead of training.",
      load: () =>
        importLater<typeof import("./commands/write_negatives_command.ts")>(
          "./commands/write_negatives_command.ts",
          import.meta.url,
        ),
    },
  },
});

export default plugin;
