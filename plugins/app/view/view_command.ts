/**
 * The command `view`.
 *
 * @module
 */
import type { CommandHost, DefineCommand } from "../cli/command.ts";
import { wholeNumber } from "../cli/options.ts";
import { servePage } from "../cli/serve_page.ts";
import { serveView } from "./serve_view.ts";
import { viewFiles } from "./view_files.ts";

/** Serves a page over a folder of runs. */
const defineView: DefineCommand = (command, { plugins, world, done }: CommandHost) => {
  command
    .argument("[runs]", "the folder of the runs; nothing outside of it is read", "runs")
    .option("--port <n>", "the port; 0 takes a free one", wholeNumber(0), 8001)
    .option("--host <address>", "who may come: 0.0.0.0 lets other machines in", "127.0.0.1")
    .option("--images <folder...>", "folders in which the items' pictures are looked for", [])
    .option("--items <n>", "the most items to show of two models", wholeNumber(0), 10_000)
    .option("--pictures <n>", "the most pictures to show of them", wholeNumber(0), 200)
    .option("--trace", "show the stack of an error")
    .action(async (runs, { port, host, images, items, pictures }) => {
      const root = await folderAt(runs);
      const files = await viewFiles();
      const { picture } = plugins;
      done(
        await servePage(
          { port, host, title: runs },
          world,
          (signal) => serveView({ root, files, host, signal, picture, images, items, pictures }),
        ),
      );
    });
};

export default defineView;

async function folderAt(path: string): Promise<string> {
  try {
    const real = await Deno.realPath(path);
    if ((await Deno.stat(real)).isDirectory) return real;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new RangeError(`${path}: expected a folder of runs, found nothing; a run makes it`);
  }
  throw new RangeError(`${path}: expected a folder of runs, found a file`);
}
