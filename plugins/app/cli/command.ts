import type { PluginSet } from "../../../core/join_plugins.ts";
import type { Command } from "@commander-js/extra-typings";

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
  /** Where it speaks. */
  readonly world: {
    /** Takes results. */
    readonly stdout: { writeSync(bytes: Uint8Array): number };
    /** Takes progress and errors. */
    readonly stderr: { writeSync(bytes: Uint8Array): number };
    /** Whether a line on stderr can be redrawn. */
    readonly terminal: boolean;
    /** Columns of the terminal. */
    readonly width: () => number;
  };
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
