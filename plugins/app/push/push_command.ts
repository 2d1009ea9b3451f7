/**
 * The command `push`.
 *
 * @module
 */
import { assetsOptionsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { showBytes } from "../../../core/show_bytes.ts";
import type { DefineCommand } from "../cli/command.ts";
import { interruptedCode, interruptible } from "../cli/interrupt.ts";
import { alignColumns } from "../results/table.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeText } from "../terminal/text_stream.ts";
import { pushFiles, repositoryOf } from "./push_files.ts";
import { pushModel } from "./push_model.ts";

/** Pushes a model to Hugging Face's hub. */
const definePush: DefineCommand = (command, { world, done }) => {
  command
    .argument("<run>", "the folder of a run, or a model folder")
    .argument("<repository>", "where to: hf:<owner>/<name>; made if it is not there")
    .option("--public", "let everybody see it; default: a new repository is private")
    .option("--message <text>", "of the commit", "Model by Syntagma")
    .option("--dry-run", "tell what would be pushed, and ask nobody")
    .option("--trace", "show the stack of an error")
    .action(async (run, address, { public: isPublic = false, message, dryRun }) => {
      const repository = repositoryOf(address);
      const files = await pushFiles(run);
      const rows = files.map(({ name, bytes }) => [name, showBytes(bytes)]);
      const list = alignColumns(rows, ["left", "right"]);
      if (dryRun) {
        const visibility = isPublic ? "public" : "private";
        writeText(world.stdout, `${list}\n\nwould go to hf:${repository} (${visibility} if new)\n`);
        return;
      }
      const { token, endpoint } = assetsOptionsFromEnvironment((name) => Deno.env.get(name));
      if (token === undefined) {
        throw new RangeError(
          "HF_TOKEN: expected a token that may write, found none; make one in your settings on the hub",
        );
      }
      const progress = createProgress(world.stderr, world);
      progress.line(list);
      await interruptible(async (signal) => {
        try {
          const url = await pushModel({
            ...{ repository, files, token, endpoint, isPublic, message, signal },
            log: progress.line,
            onProgress: (share) =>
              progress.work({
                ...{ what: "uploading, percent", total: 100, perSecond: 0 },
                done: Math.floor(100 * share),
              }),
          });
          progress.close();
          writeText(world.stdout, `${url}\n`);
        } catch (error) {
          if (!signal.aborted) throw error;
          progress.line("stopped; the same command goes on with what is not there yet");
          done(interruptedCode);
        } finally {
          progress.close();
        }
      }, () => progress.line("stopping; Ctrl-C again stops at once"));
    });
};

export default definePush;
