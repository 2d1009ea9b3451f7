/**
 * The command line: a thin skin over what scripts can call themselves.
 *
 * @module
 */
import { Command, CommanderError } from "@commander-js/extra-typings";
import { isMemoryFault } from "../../../core/device/memory_fault.ts";
import { joinPlugins } from "../../../core/join_plugins.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { plugins as builtIn } from "../../index.ts";
import { writeText } from "../terminal/text_stream.ts";
import { addCommands } from "./command.ts";
import { expandArgument } from "./expand_argument.ts";
import { loadPlugins, takePluginArguments } from "./load_plugins.ts";
import { addRecipeCommand } from "./recipe_command.ts";
import { permissionFault, typedCommand } from "./start_fault.ts";
import { processWorld, type World } from "./world.ts";

export type { CommanderCommand, CommandHost, DefineCommand } from "./command.ts";
export type { HostProcesses } from "../../../core/host/mpi/open_processes.ts";
export type { Engine, World } from "./world.ts";

/**
 * Runs the command line.
 *
 * Results go to stdout; progress and errors to stderr, an error as one message without a stack
 * trace unless `--trace` is among the arguments. `--plugin <module>` adds a plugin to any command.
 *
 * @param args The arguments after the program's name.
 * @param plugins What is known by name. Default: all that come along.
 * @param world The streams and the engine. Default: this process and this package.
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
export async function main(
  args: readonly string[],
  plugins: readonly Plugin[] = builtIn,
  world: World = processWorld(),
): Promise<number> {
  const program = new Command("syntagma")
    .description("Teaches CLIP models that word order matters.")
    // Taken out of the arguments before they get here; it stands in the help alone.
    .option("--plugin <module>", "adds a plugin by path or address; can be given several times")
    .exitOverride()
    // It would show a command without loading it; --help loads it.
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => writeText(world.stdout, text),
      writeErr: (text) => writeText(world.stderr, text),
    });
  let code = 0;
  const done = (result: number) => {
    code = result;
  };
  try {
    const { references, rest } = takePluginArguments(args.map(expandArgument));
    const known = joinPlugins([...plugins, ...await loadPlugins(references)]);
    addRecipeCommand(program, known, references, world, done);
    addCommands(program, known.commands, { plugins: known, world, done });
    await program.parseAsync([...rest], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.code === "commander.helpDisplayed" ? 0 : 2;
    const text = describeFailure(error, args.includes("--trace"));
    writeText(world.stderr, `${text}${chunkHint(error, program, args)}`);
    return 1;
  }
}

/** Of a command that embeds: what takes less where there was no memory. */
function chunkHint(error: unknown, program: Command, args: readonly string[]): string {
  if (!isMemoryFault(error)) return "";
  const command = args.map((arg) => program.commands.find((each) => each.name() === arg))
    .find((each) => each !== undefined);
  const { chunk } = (command?.opts() ?? {}) as { readonly chunk?: number };
  if (chunk === undefined) return "";
  return `  memory: a --chunk below ${chunk} takes less\n`;
}

function describeFailure(error: unknown, trace: boolean): string {
  if (trace) return `error: ${Deno.inspect(error)}\n`;
  const message = permissionFault(error, typedCommand(import.meta.url)) ??
    (error instanceof Error ? error.message : String(error));
  return `error: ${message.replaceAll("\n", "\n  ")}\n`;
}
