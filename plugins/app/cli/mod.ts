/**
 * The command line, for scripts that bring recipes of their own, and what commands are made with.
 *
 * @module
 */
export type { CommandHost, CommandList, DefineCommand } from "./command.ts";
export { main } from "./main.ts";
export type { RecipeList } from "./recipe_list.ts";
export type { Engine } from "./world.ts";
