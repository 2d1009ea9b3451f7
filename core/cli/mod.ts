/**
 * The command line, for scripts that bring recipes of their own.
 *
 * @module
 */
export * from "./main.ts";
