import {
  assetsOptionsFromEnvironment,
  type ReadVariable,
} from "../../core/host/assets/environment.ts";
import { createAssets } from "../../core/host/assets/create_assets.ts";
import { runProgram } from "../../plugins/app/cli/run_program.ts";
import { processWorld, type World } from "../../plugins/app/cli/world.ts";
import { createSink } from "./text_sink.ts";

/** What a command left behind. */
export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the whole command line in this process. */
export function runCommand(...args: string[]): Promise<CommandResult> {
  return run(args, processWorld());
}

/** As {@linkcode runCommand}, where these are the variables that tell of files. */
export function runCommandWith(
  variables: Readonly<Record<string, string>>,
  ...args: string[]
): Promise<CommandResult> {
  const read: ReadVariable = (name) => variables[name];
  const world = processWorld();
  return run(args, {
    ...world,
    loadEngine: async () => ({
      ...await world.loadEngine(),
      createAssets: (log) => createAssets({ ...assetsOptionsFromEnvironment(read), log }),
    }),
  });
}

async function run(args: readonly string[], world: World): Promise<CommandResult> {
  const [stdout, stderr] = [createSink(), createSink()];
  const code = await runProgram(args, undefined, { ...world, stdout, stderr, terminal: false });
  return { code, out: stdout.text(), err: stderr.text() };
}
