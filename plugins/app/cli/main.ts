/**
 * The command line: a thin skin over what scripts can call themselves.
 *
 * @module
 */
import type { Plugin } from "../../../core/plugin.ts";
import { runProgram } from "./run_program.ts";

export type { CommanderCommand, CommandHost, DefineCommand } from "./command.ts";

/**
 * Runs the command line.
 *
 * Results go to stdout; progress and errors to stderr, an error as one message without a stack
 * trace unless `--trace` is among the arguments. `--plugin <module>` adds a plugin to any command.
 *
 * @param args The arguments after the program's name.
 * @param plugins What is known by name. Default: all that come along.
 * @returns the exit code: 0, 1 after a failure, 2 if the arguments are not understood, 130 after
 *   Ctrl-C.
 *
 * @example
 * ```ts
 * import { main } from "./main.ts";
 *
 * console.assert(await main(["recipe", "--help"]) === 0);
 * ```
 */
export async function main(args: readonly string[], plugins?: readonly Plugin[]): Promise<number> {
  return await runProgram(args, plugins);
}
