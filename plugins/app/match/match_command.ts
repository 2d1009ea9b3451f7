/**
 * The command `match`.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import { watchedEncoder } from "../../../core/host/cache/watched_encoder.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import { checkOutput } from "../cli/check_output.ts";
import type { DefineCommand } from "../cli/command.ts";
import { interruptible } from "../cli/interrupt.ts";
import { deviceOption, wholeNumber } from "../cli/options.ts";
import { openContext } from "../../../core/host/open_context.ts";
import { loadModel } from "../models/load_model.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeText } from "../terminal/text_stream.ts";
import { type Matches, matchJson, matchTable, shownItems } from "./format_matches.ts";
import { matchItems } from "./match_items.ts";
import { type Match, matchModel } from "./match_model.ts";
import { matchPage } from "./match_page.ts";

/** Tells which caption fits a picture. */
const defineMatch: DefineCommand = (command, { world, plugins }) => {
  command
    .argument(
      "<weights>",
      Object.values(plugins.models).toReversed().map(({ form }) => form).join("; "),
    )
    .argument(
      "<pictures...>",
      "files, addresses, folders, or captions:<table> of pictures with captions of their own",
    )
    .option("--captions <texts...>", "what there is to choose from")
    .option("--captions-file <file>", "the same, a caption a line")
    .option("--with <weights>", "a second model, whose choices stand beside")
    .option("--changed", "with a second model: only the pictures that it gives another caption")
    .option("--top <n>", "the most captions to list for a picture", wholeNumber(1), 5)
    .option("--json", "print everything as JSON")
    .option("--page <file>", "write a page with the pictures")
    .addOption(deviceOption())
    .addOption(
      new Option("--activation <name>", "for weights that do not tell it")
        .choices(["quick_gelu", "gelu"] as const),
    )
    .option("--part <name>", "which of several models in one file, such as model_ema")
    .option("--chunk <n>", "pictures or texts that are embedded together", wholeNumber(1), 64)
    .option("--trace", "show the stack of an error")
    .action(async (weights, pictures, options) => {
      const { device, chunk, activation, part, changed = false, top, page } = options;
      if (changed && options.with === undefined) {
        command.error("error: --changed is of two models: expected --with <weights> too");
      }
      if (page !== undefined) await checkOutput("--page", page, "file");
      const common = [
        ...options.captions ?? [],
        ...options.captionsFile === undefined ? [] : await linesOf(options.captionsFile),
      ];
      const progress = createProgress(world.stderr, world);
      const models = [weights, ...options.with === undefined ? [] : [options.with]];
      await interruptible(async (signal) => {
        using context = openContext(progress.line);
        const items = await matchItems(pictures, common, context);
        const matches: (readonly Match[])[] = [];
        for (const reference of models) {
          await using model = await loadModel(reference, {
            ...{ device, chunk, log: progress.line, plugins: plugins.plugins },
            ...(activation === undefined ? {} : { activation }),
            ...(part === undefined ? {} : { part }),
          });
          progress.line(`model: ${model.name}`);
          matches.push(
            await matchModel(
              model,
              watchedEncoder(model.encoder, {
                onProgress: ({ kind, ...info }) => progress.work({ ...info, what: kind }),
                log: progress.line,
                signal,
              }),
              items,
            ),
          );
        }
        progress.close();
        const found: Matches = { items, models, matches };
        const shown = shownItems(found, changed);
        writeText(
          world.stdout,
          options.json ? matchJson(found, shown) : matchTable(found, shown, top),
        );
        if (page !== undefined) {
          await writeFileAtomically(page, await matchPage(found, shown, top, context));
          progress.line(`page: ${page}`);
        }
      }, () => progress.line("stopping after this picture; Ctrl-C again stops at once"));
    });
};

export default defineMatch;

async function linesOf(file: string): Promise<readonly string[]> {
  return (await readText(file)).split(/\r?\n/).map((line) => line.trim()).filter((line) => line);
}
