import { join } from "node:path";
import { importLater } from "../../../core/import_later.ts";
import type { Assets } from "../../../core/assets.ts";
import { assetsOptionsFromEnvironment } from "../../../core/host/assets/environment.ts";
import { findLaunch } from "../../../core/host/mpi/launcher.ts";
import type { HostProcesses } from "../../../core/host/mpi/open_processes.ts";
import type { Recipe } from "../../../core/recipe.ts";
import type { runStudy } from "../runs/run_study.ts";
import { standardErrorOptions } from "../terminal/progress.ts";
import type { TextStream } from "../terminal/text_stream.ts";
import type { CommandHost } from "./command.ts";
import type { DryRunOptions, DryRunReport, RunOptions, RunSummary } from "../runs/run_options.ts";

type Streams = CommandHost["world"];

/** What the command line has around it, so that a script or a test can put something else there. */
export interface World extends Streams {
  /**
   * The folder in which embeddings of benchmarks are kept.
   *
   * @throws {RangeError} if the environment names no cache folder and there is no home folder.
   */
  readonly embeddings: () => string;
  /** Opens the processes that a launcher has started with this one; undefined if it is alone. */
  readonly openProcesses?: () => Promise<HostProcesses | undefined>;
  /** What does the work; loaded when a recipe runs, for ONNX Runtime takes its time. */
  readonly loadEngine: () => Promise<Engine>;
}

/** What does the work of the commands. */
export interface Engine {
  /** Trains and evaluates. */
  runRecipe(recipe: Recipe, options: RunOptions): Promise<RunSummary>;
  /** Runs every arm of a study with every seed. */
  runStudy(...given: Parameters<typeof runStudy>): ReturnType<typeof runStudy>;
  /** Says what a run needs and would take. */
  dryRun(recipe: Recipe, options: DryRunOptions): Promise<DryRunReport>;
  /**
   * Files by address.
   *
   * @param largest The most bytes of a file that is downloaded. Default: any.
   */
  createAssets(log: (line: string) => void, largest?: number): Assets;
}

/** This process, and the engine of this package. */
export function processWorld(): World {
  const [stdout, stderr] = speaks() ? [Deno.stdout, Deno.stderr] : [silent, silent];
  return {
    stdout,
    stderr,
    ...standardErrorOptions(),
    openProcesses,
    embeddings: embeddingsFolder,
    loadEngine,
  };
}

const variable = (name: string) => Deno.env.get(name);

/** Of the processes of a launcher the first one alone speaks. */
function speaks(): boolean {
  try {
    return (findLaunch(variable)?.rank ?? 0) === 0;
  } catch {
    // Whoever opens the processes says what is wrong.
    return true;
  }
}

const silent: TextStream = { writeSync: (bytes) => bytes.length };

async function openProcesses(): Promise<HostProcesses | undefined> {
  const launch = findLaunch(variable);
  if (launch === undefined) return undefined;
  const host = await importLater<typeof import("../../../core/host/mpi/open_processes.ts")>(
    "../../../core/host/mpi/open_processes.ts",
    import.meta.url,
  );
  return await host.openProcesses(launch, variable);
}

function embeddingsFolder(): string {
  const { cache } = assetsOptionsFromEnvironment((name) => Deno.env.get(name));
  return join(cache, "embeddings");
}

async function loadEngine(): Promise<Engine> {
  const [{ dryRun, runRecipe }, { runStudy }, { assetsFromEnvironment }] = await Promise.all([
    importLater<typeof import("../runs/run.ts")>("../runs/run.ts", import.meta.url),
    importLater<typeof import("../runs/run_study.ts")>("../runs/run_study.ts", import.meta.url),
    importLater<typeof import("../../../core/host/assets/environment.ts")>(
      "../../../core/host/assets/environment.ts",
      import.meta.url,
    ),
  ]);
  return {
    runRecipe,
    runStudy,
    dryRun,
    createAssets: (log, largest) =>
      assetsFromEnvironment(
        // Who only looks does not wait for a server to come back.
        largest === undefined ? { log } : { log, largest, retryDelays: [] },
      ),
  };
}
