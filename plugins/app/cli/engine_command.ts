import type { CommanderCommand, CommandHost } from "./command.ts";
import type { World } from "./world.ts";

/** What a command of this package has at hand: the engine too. */
export interface EngineHost extends CommandHost {
  readonly world: World;
}

/** {@linkcode DefineCommand} of a command of this package. */
export type DefineEngineCommand = (
  command: CommanderCommand,
  host: EngineHost,
) => void | Promise<void>;
