/**
 * The command line with the recipes and commands of this repository.
 *
 * @module
 */
import type { CommandList } from "./plugins/app/cli/command.ts";
import { main } from "./plugins/app/cli/main.ts";
import { recipes } from "./recipes/index.ts";

/** Commands by name, each loaded when it is called. */
const commands: CommandList = {
  "evaluate": {
    description: "Scores a model with benchmarks.",
    load: () => import("./plugins/app/evaluate/evaluate_command.ts"),
  },
  "compare": {
    description: "Compares models by the results that evaluations and runs have left.",
    load: () => import("./plugins/app/cli/compare_command.ts"),
  },
  "write-negatives": {
    description: "Writes the hard negatives of a table's captions ahead of training.",
    load: () => import("./plugins/negatives/commands/write_negatives_command.ts"),
  },
  "patch": {
    description: "Writes the model between two others, or scores all models between them.",
    load: () => import("./plugins/patching/commands/patch_command.ts"),
  },
  "report": {
    description: "Writes the report of a run.",
    load: () => import("./plugins/app/report/report_command.ts"),
  },
  "download-images": {
    description: "Downloads the pictures that a table of captions gives the addresses of.",
    load: () => import("./plugins/captions/commands/download_images_command.ts"),
  },
  "caption-images": {
    description: "Writes captions for the pictures of a folder into a table.",
    load: () => import("./plugins/captioners/commands/caption_images_command.ts"),
  },
};

if (import.meta.main) Deno.exit(await main(Deno.args, recipes, commands));
