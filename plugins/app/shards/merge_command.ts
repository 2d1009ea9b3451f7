/**
 * The command `merge`.
 *
 * @module
 */
import type { DefineCommand } from "../cli/command.ts";
import { writeText } from "../terminal/text_stream.ts";
import { mergeParts } from "./merge.ts";

/** Joins the parts that `--shard` left. */
const defineMerge: DefineCommand = (command, { plugins, world }) => {
  command
    .argument("<out>", "what the parts are of: the output that was given to the command")
    .option("--trace", "show the stack of an error")
    .action(async (out) => {
      writeText(world.stdout, `${await mergeParts(out, plugins.commands)}\n`);
    });
};

export default defineMerge;
