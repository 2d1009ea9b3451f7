import type { RecipeList } from "../../../core/recipe_list.ts";
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
  /** The recipes that have a name. */
  readonly recipes: RecipeList;
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
) => void;

/** A command that the command line knows by name, loaded only when it is asked for. */
export interface CommandEntry {
  /** One sentence for the list of commands. */
  readonly description: string;
  /** Imports the module whose default export defines the command. */
  load(): Promise<{ readonly default: DefineCommand }>;
}

/** Commands by name. */
export type CommandList = Readonly<Record<string, CommandEntry>>;

/** Adds commands to a program; a command's module is imported when the command is called. */
export function addCommands(
  program: CommanderCommand,
  commands: CommandList,
  host: CommandHost,
): void {
  for (const [name, { description }] of Object.entries(commands)) {
    program.command(name).description(description);
  }
  // Before the command's own words are parsed, `--help` among them.
  program.hook("preSubcommand", async (_, command) => {
    const entry = commands[command.name()];
    if (entry !== undefined) {
      (await entry.load()).default(command as CommanderCommand, host);
    }
  });
}
