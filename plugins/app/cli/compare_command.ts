/**
 * The command `compare`.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { compareModels } from "../results/compare.ts";
import { formatComparison } from "../results/format_comparison.ts";
import { readModels } from "../results/read_results.ts";
import { missingBeside, summaryRows } from "../results/summary_rows.ts";
import type { StageEvaluations } from "../results/table.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { writeText } from "../terminal/text_stream.ts";
import { checkOutput } from "./check_output.ts";
import type { DefineCommand } from "./command.ts";
import { wholeNumber } from "./options.ts";

type Format = Parameters<typeof formatComparison>[2];

const formats: readonly Format[] = ["markdown", "csv", "json"];

/** Compares models by the results that evaluations and runs have left. */
const defineCompare: DefineCommand = (command, { world }) => {
  command
    .argument(
      "<results...>",
      "result files, folders of them, or run folders; the first one's first model is compared with",
    )
    .addOption(
      new Option("--format <format>", "the form").choices(formats).default("markdown" as const),
    )
    .option("--headline", "only the metric that stands for each data set")
    .option("--summary", "only the rows that sum a model up, under the names that papers use")
    .option("--seed <n>", "the seed of the bootstrap and the paired test", wholeNumber(0), 0)
    .option("--out <file>", "the file to write; default: the terminal")
    .option("--trace", "show the stack of an error")
    .action(async (paths, { format, headline, summary, seed, out }) => {
      if (out !== undefined) await checkOutput("--out", out, "file");
      const models = await readModels(paths);
      const all = compareModels(models, seed);
      const rows = (summary ? summaryRows(all) : all).filter((row) => !headline || row.headline);
      const text = formatComparison(
        rows,
        models.map(({ stage }) => stage),
        format as Format,
        [
          ...settingsLines(models),
          ...missingBeside(all),
        ],
      );
      if (out === undefined) writeText(world.stdout, text);
      else await writeFileAtomically(out, text);
    });
};

/** What scores depend on beside the weights, a line for all models that have it in common. */
function settingsLines(models: readonly StageEvaluations[]): string[] {
  return [...Map.groupBy(models, ({ settings }) => settings)].flatMap(([settings, same]) =>
    settings === undefined ? [] : [`${same.map(({ stage }) => stage).join(", ")}: ${settings}.`]
  );
}

export default defineCompare;
