/**
 * The command line, for scripts that bring recipes of their own, and what commands are made with.
 *
 * @module
 */
export * from "./command.ts";
export * from "./interrupt.ts";
export * from "./load_recipe.ts";
export * from "./main.ts";
export * from "./options.ts";
export { processWorld } from "./world.ts";
