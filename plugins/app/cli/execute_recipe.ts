import type { Context } from "../../../core/context.ts";
import { createImagePool } from "../../../core/host/images/pool.ts";
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
import type { World } from "./world.ts";

/** What the command line says of a run. */
export interface ExecuteOptions extends Omit<RunOptions, keyof RunSurroundings> {
  readonly device: RunSurroundings["device"];
  readonly threads?: number | undefined;
  /** Only tell what the run needs and would take, in this form. */
  readonly dryRun: DryRunForm | undefined;
}

/** The most bytes of a file that a dry run downloads: lists of items, and no weights. */
const LARGEST = 2 ** 24;

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
    ? sharedWork(world, (processes) => execute(planned, options, processes, world))
    : execute(planned, options, aloneProcess, world);
}

function execute(
  planned: Recipe | Study,
  { dryRun, device, threads, ...options }: ExecuteOptions,
  processes: Processes,
  world: World,
): Promise<number> {
  const progress = createProgress(world.stderr, world);
  const log = (line: string) => progress.line(line);
  const print = (text: string) => writeText(world.stdout, `${text}\n`);
  return interruptible(async (signal) => {
    using images = createImagePool(pictureWorkers(processes));
    try {
      const engine = await world.loadEngine();
      const context: Context = { assets: engine.createAssets(log), images, log };
      const common: RunSurroundings = {
        ...{ device, context, progress, signal, processes },
        ...(threads === undefined ? {} : { threads }),
      };
      if (dryRun !== undefined) {
        const lookedFor = engine.createAssets(log, LARGEST);
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
      if (isStudy(planned)) {
        const { folder, completed, table } = await engine.runStudy(planned, run);
        progress.close();
        print(`${table}\n\nstudy folder: ${folder}`);
        if (completed) return 0;
        log(`stopped; --resume ${folder} goes on from there`);
        return interruptedCode;
      }
      const summary = await engine.runRecipe(planned, run);
      progress.close();
      print(formatSummary(summary));
      if (summary.completed) return 0;
      log(`stopped after step ${summary.steps}; --resume ${summary.folder} goes on from there`);
      return interruptedCode;
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
