/**
 * The command `report`.
 *
 * @module
 */
import type { CommandHost, DefineCommand } from "../cli/command.ts";
import { checkOutput } from "../cli/check_output.ts";
import { wholeNumber } from "../cli/options.ts";
import { writeText } from "../terminal/text_stream.ts";
import { writeReport } from "./write_report.ts";

/** Writes the report of a run that was made before, or again. */
const defineReport: DefineCommand = (command, { plugins, world }: CommandHost) => {
  const { picture, literature } = plugins;
  command
    .argument("<folder>", "the folder of a run")
    .option("--out <file>", "the file to write; default: report.html in the folder")
    .option("--images <folder...>", "where pictures are looked for first")
    .option("--sweep <folder>", "the folder of a patching sweep; default: sweep in the folder")
    .option("--items <n>", "the most items to embed", wholeNumber(0))
    .option("--pictures <n>", "the most pictures to embed", wholeNumber(0))
    .option("--picture-size <n>", "the longer side of a picture in pixels", wholeNumber(1))
    .option("--trace", "show the stack of an error")
    .action(async (folder, { trace: _, ...options }) => {
      if (options.out !== undefined) await checkOutput("--out", options.out, "file");
      writeText(
        world.stdout,
        `${await writeReport(folder, { ...options, picture, literature })}\n`,
      );
    });
};

export default defineReport;
