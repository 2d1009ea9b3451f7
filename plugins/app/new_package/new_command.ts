/**
 * The command `new`.
 *
 * @module
 */
import type { DefineCommand } from "../cli/command.ts";
import { writeText } from "../terminal/text_stream.ts";
import { writePackage } from "./write_package.ts";

/** Writes a package with a loss, a benchmark, a recipe and tests, to begin from. */
const defineNew: DefineCommand = (command, { world }) => {
  command
    .argument("<folder>", "the package's folder, empty or not there yet; its name is the package's")
    .option("--trace", "show the stack of an error")
    .action(async (folder) => {
      const files = await writePackage(folder);
      writeText(
        world.stdout,
        `${folder}: ${files.join(", ")}\n` +
          `next: cd ${folder}, deno task test, deno task recipe --steps 20; README.md says more\n`,
      );
    });
};

export default defineNew;
