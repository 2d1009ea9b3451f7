import { Command, CommanderError } from "@commander-js/extra-typings";
import { isMemoryFault } from "../../../core/device/memory_fault.ts";
import { joinPlugins, type PluginSet } from "../../../core/join_plugins.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { plugins as builtIn } from "../../index.ts";
import { writeText } from "../terminal/text_stream.ts";
import type { CommanderCommand } from "./command.ts";
import type { DefineEngineCommand, EngineHost } from "./engine_command.ts";
import { expandArgument } from "./expand_argument.ts";
import { loadPlugins, takePluginArguments } from "./load_plugins.ts";
import { addRecipeCommand } from "./recipe_command.ts";
import { permissionFault, typedCommand } from "./start_fault.ts";
import { processWorld, type World } from "./world.ts";

/**
 * The command line, as `main` runs it.
 *
 * @param world The streams and the engine. Default: this process and this package.
 */
export async function runProgram(
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

/** Adds commands to a program; a command's module is imported when the command is called. */
function addCommands(
  program: CommanderCommand,
  commands: PluginSet["commands"],
  host: EngineHost,
): void {
  for (const [name, { description }] of Object.entries(commands)) {
    program.command(name).description(description);
  }
  // Before the command's own words are parsed, `--help` among them.
  program.hook("preSubcommand", async (_, command) => {
    const entry = commands[command.name()];
    if (entry !== undefined) {
      const { default: define } = await entry.load();
      await (define as DefineEngineCommand)(command as CommanderCommand, host);
    }
  });
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
