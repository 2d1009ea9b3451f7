/**
 * The command `web`.
 *
 * @module
 */
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { checkOutput } from "../cli/check_output.ts";
import type { CommandHost, DefineCommand } from "../cli/command.ts";
import { wholeNumber } from "../cli/options.ts";
import { servePage } from "../cli/serve_page.ts";
import { writeText } from "../terminal/text_stream.ts";
import { pageFiles } from "./page_files.ts";
import { serveFiles } from "./serve_files.ts";

/** Serves the page that trains, or writes its files. */
const defineWeb: DefineCommand = (command, { world, done }: CommandHost) => {
  command
    .option("--port <n>", "the port; 0 takes a free one", wholeNumber(0), 8000)
    .option("--host <address>", "who may come: 0.0.0.0 lets other machines in", "localhost")
    .option("--out <folder>", "write the page's files for any web server, and serve nothing")
    .option("--trace", "show the stack of an error")
    .action(async ({ port, host, out }) => {
      if (out !== undefined) {
        await checkOutput("--out", out, "folder");
        await Deno.mkdir(out, { recursive: true });
        for (const [name, { bytes }] of await pageFiles()) {
          await writeFileAtomically(`${out}/${name}`, bytes);
        }
        return writeText(
          world.stdout,
          `the page: ${out}/index.html, to be served over https or from localhost\n`,
        );
      }
      const files = await pageFiles();
      done(await servePage({ port, host, title: "the page" }, world, () => serveFiles(files)));
    });
};

export default defineWeb;
