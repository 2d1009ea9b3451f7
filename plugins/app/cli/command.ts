import type { PluginSet } from "../../../core/join_plugins.ts";
import type { Command } from "@commander-js/extra-typings";
import type { World } from "./world.ts";

/**
 * A command of the package commander with its types.
 *
 * @internal
 */
export type CommanderCommand = Command;

/** What a command of the command line has at hand. */
export interface CommandHost {
  /** What is known by name: recipes, benchmarks, generators, families of models. */
  readonly plugins: PluginSet;
  /** The streams and the engine. */
  readonly world: World;
  /** Takes the exit code of a command that did not fail; 0 if it is not called. */
  done(code: number): void;
}

/**
 * Gives a command, which has its name and description already, its arguments, options and action.
 * An error that the action throws is shown as one message, with exit code 1.
 */
export type DefineCommand = (
  command: CommanderCommand,
  host: CommandHost,
) => void | Promise<void>;

/** Adds commands to a program; a command's module is imported when the command is called. */
export function addCommands(
  program: CommanderCommand,
  commands: PluginSet["commands"],
  host: CommandHost,
): void {
  for (const [name, { description }] of Object.entries(commands)) {
    program.command(name).description(description);
  }
  // Before the command's own words are parsed, `--help` among them.
  program.hook("preSubcommand", async (_, command) => {
    const entry = commands[command.name()];
    if (entry !== undefined) {
      const { default: define } = await entry.load();
      await (define as DefineCommand)(command as CommanderCommand, host);
    }
  });
}
