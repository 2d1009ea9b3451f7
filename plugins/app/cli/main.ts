/**
 * The command line: a thin skin over what scripts can call themselves.
 *
 * @module
 */
import type { RecipeList } from "../../../core/recipe_list.ts";
export type { RecipeEntry, RecipeList } from "../../../core/recipe_list.ts";
import { Command, CommanderError } from "@commander-js/extra-typings";
import { writeText } from "../terminal/text_stream.ts";
import { addCommands, type CommandList } from "./command.ts";
import { addRecipeCommand } from "./recipe_command.ts";
import { processWorld, type World } from "./world.ts";

export type {
  CommandEntry,
  CommanderCommand,
  CommandHost,
  CommandList,
  DefineCommand,
} from "./command.ts";
export type { Engine, World } from "./world.ts";

/**
 * Runs the command line.
 *
 * Results go to stdout; progress and errors to stderr, an error as one message without a stack
 * trace unless `--trace` is among the arguments.
 *
 * @param args The arguments after the program's name.
 * @param recipes The recipes that can be run by name; any recipe can be run by path or URL.
 * @param commands Commands beside `recipe`.
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
  recipes: RecipeList = {},
  commands: CommandList = {},
  world: World = processWorld(),
): Promise<number> {
  const program = new Command("syntagma")
    .description("Teaches CLIP models that word order matters.")
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
  addRecipeCommand(program, recipes, world, done);
  addCommands(program, commands, { recipes, world, done });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.code === "commander.helpDisplayed" ? 0 : 2;
    writeText(world.stderr, describeFailure(error, args.includes("--trace")));
    return 1;
  }
}

function describeFailure(error: unknown, trace: boolean): string {
  if (trace) return `error: ${Deno.inspect(error)}\n`;
  const message = error instanceof Error ? error.message : String(error);
  return `error: ${message.replaceAll("\n", "\n  ")}\n`;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
