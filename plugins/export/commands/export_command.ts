/**
 * The command `export`.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { placeCard } from "../../app/model_card/place_card.ts";
import { checkOutput } from "../../app/cli/check_output.ts";
import type { DefineEngineCommand, EngineHost } from "../../app/cli/engine_command.ts";
import { wholeNumber } from "../../app/cli/options.ts";
import { writeText } from "../../app/terminal/text_stream.ts";
import { exportModel } from "../export_model.ts";

/** Writes a model as ONNX, for transformers.js and optimum. */
const defineExport: DefineEngineCommand = (command, { world, plugins }: EngineHost) => {
  command
    .argument(
      "<weights>",
      Object.values(plugins.models).toReversed().map(({ form }) => form).join("; "),
    )
    .argument("<folder>", "what is written: onnx/*.onnx, configuration, preprocessing, tokenizer")
    .addOption(
      new Option("--precision <name>", "of weights and products")
        .choices(["float32", "float16"] as const)
        .default("float32" as const),
    )
    .option("--batch <n>", "take just so many pictures and texts; default: any", wholeNumber(1))
    .option("--part <name>", "which of several models in one file, such as model_ema")
    .option("--trace", "show the stack of an error")
    .action(async (weights, folder, { precision, batch, part }) => {
      await checkOutput("<folder>", folder, "folder");
      const log = (line: string) => writeText(world.stderr, `${line}\n`);
      const source = await plugins.source(weights, part === undefined ? {} : { part });
      using images = createPicturePool({ workers: 0 });
      const assets = (await world.loadEngine()).createAssets(log);
      const model = await source.load({ assets, images, log });
      for (const { path, bytes } of await exportModel(model, { folder, precision, batch })) {
        writeText(world.stdout, `${path}: ${(bytes / 2 ** 20).toFixed(1)} MiB\n`);
      }
      await placeCard(folder, {
        summary: `${model.name} as ONNX`,
        how: [
          ["Weights", weights],
          ["Precision", precision],
          ["Pictures and texts at once", batch === undefined ? "any number" : `${batch}`],
        ],
        scoring: "`evaluate` scores the weights that it was made from.",
      });
    });
};

export default defineExport;
