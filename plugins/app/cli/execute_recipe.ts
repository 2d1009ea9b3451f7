import type { Context } from "../../../core/context.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { comparisonTable } from "../results/table.ts";
import { aloneProcess, type Processes } from "../../../core/processes/processes.ts";
import { pictureWorkers, sharedWork } from "./shared_work.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { isStudy, type Study } from "../../../core/study.ts";
import { createProgress } from "../terminal/progress.ts";
import type { RunOptions, RunSummary, RunSurroundings } from "../runs/run_options.ts";
import { writeText } from "../terminal/text_stream.ts";
import { type DryRunForm, reportDryRun } from "./dry_run_text.ts";
import { interruptedCode, interruptible } from "./interrupt.ts";
import type { Engine, World } from "./world.ts";

/** What the command line says of a run. */
export interface ExecuteOptions extends Omit<RunOptions, keyof RunSurroundings> {
  readonly device: RunSurroundings["device"];
  readonly threads?: number | undefined;
  /** Only tell what the run needs and would take, in this form. */
  readonly dryRun: DryRunForm | undefined;
}

/** The most bytes of a file that a dry run downloads: lists of items, and no weights. */
const LARGEST = 2 ** 24;

/** What the command line says of a study. */
export interface ExecuteStudyOptions
  extends Omit<Parameters<Engine["runStudy"]>[1], keyof RunSurroundings> {
  readonly device: RunSurroundings["device"];
  readonly threads?: number | undefined;
}

/**
 * Runs a recipe or a study with progress on stderr and results on stdout, stopped by Ctrl-C after
 * the step it is at.
 *
 * @returns the exit code.
 */
export function executeRecipe(
  planned: Recipe | Study,
  options: ExecuteOptions,
  world: World,
): Promise<number> {
  // Who only looks needs one process.
  return options.dryRun === undefined
    ? sharedWork(world, (processes) => executeShared(planned, options, processes, world))
    : executeShared(planned, options, aloneProcess, world);
}

function executeShared(
  planned: Recipe | Study,
  { dryRun, device, threads, ...options }: ExecuteOptions,
  processes: Processes,
  world: World,
): Promise<number> {
  if (dryRun === undefined && isStudy(planned)) {
    return executeStudyShared(planned, { ...options, device, threads }, processes, world);
  }
  return execute(world, { device, threads, processes }, async (engine, common, print) => {
    if (dryRun !== undefined) {
      const lookedFor = engine.createAssets(common.context.log, LARGEST);
      const dryRunOptions = { ...common, runs: options.runs, lookedFor };
      const { ready, text } = await reportDryRun(
        planned,
        dryRun,
        (recipe) => engine.dryRun(recipe, dryRunOptions),
      );
      print(text);
      return ready ? 0 : 1;
    }
    const run = { ...options, ...common, embeddings: world.embeddings() };
    const summary = await engine.runRecipe(planned as Recipe, run);
    common.progress.close();
    print(formatSummary(summary));
    if (summary.completed) return 0;
    common.context.log(
      `stopped after step ${summary.steps}; --resume ${summary.folder} goes on from there`,
    );
    return interruptedCode;
  });
}

/**
 * Runs a study likewise.
 *
 * @returns the exit code.
 */
export function executeStudy(
  study: Study,
  options: ExecuteStudyOptions,
  world: World,
): Promise<number> {
  return sharedWork(world, (processes) => executeStudyShared(study, options, processes, world));
}

function executeStudyShared(
  study: Study,
  { device, threads, ...options }: ExecuteStudyOptions,
  processes: Processes,
  world: World,
): Promise<number> {
  return execute(world, { device, threads, processes }, async (engine, common, print) => {
    const run = { ...options, ...common, embeddings: world.embeddings() };
    const { folder, completed, table } = await engine.runStudy(study, run);
    common.progress.close();
    print(`${table}\n\nstudy folder: ${folder}`);
    if (completed) return 0;
    common.context.log(
      options.folder === undefined
        ? `stopped; --resume ${folder} goes on from there`
        : "stopped; the same command goes on from here",
    );
    return interruptedCode;
  });
}

/** What computes. */
interface Means {
  readonly device: RunSurroundings["device"];
  readonly threads: number | undefined;
  readonly processes: Processes;
}

/** Does what the engine is to do, with what is around it. */
function execute(
  world: World,
  { device, threads, processes }: Means,
  work: (
    engine: Engine,
    common: RunSurroundings,
    print: (text: string) => void,
  ) => Promise<number>,
): Promise<number> {
  const progress = createProgress(world.stderr, world);
  const log = (line: string) => progress.line(line);
  const print = (text: string) => writeText(world.stdout, `${text}\n`);
  return interruptible(async (signal) => {
    using images = createPicturePool(pictureWorkers(processes));
    try {
      const engine = await world.loadEngine();
      const context: Context = { assets: engine.createAssets(log), images, log };
      const common: RunSurroundings = {
        ...{ device, context, progress, signal, processes },
        ...(threads === undefined ? {} : { threads }),
      };
      return await work(engine, common, print);
    } finally {
      progress.close();
    }
  }, () => log("stopping after this step; Ctrl-C again stops at once"));
}

function formatSummary({ folder, before, after, transformed }: RunSummary): string {
  const stages = [
    { stage: "before", evaluations: before },
    { stage: "after", evaluations: after },
    ...transformed,
  ];
  const scored = stages.some(({ evaluations }) => evaluations.length > 0);
  return [...(scored ? [comparisonTable(stages), ""] : []), `run folder: ${folder}`].join("\n");
}
