/**
 * The command `evaluate`.
 *
 * @module
 */
import { Option } from "@commander-js/extra-typings";
import type { DefineEngineCommand, EngineHost } from "../cli/engine_command.ts";
import { checkOutput } from "../cli/check_output.ts";
import type { Processes } from "../../../core/processes/processes.ts";
import { isStop } from "../../../core/processes/together.ts";
import { deviceOption, threadsOption, wholeNumber } from "../cli/options.ts";
import { pictureWorkers, sharedWork } from "../cli/shared_work.ts";
import { interruptedCode, interruptible } from "../cli/interrupt.ts";
import { compareModels } from "../results/compare.ts";
import { formatComparison } from "../results/format_comparison.ts";
import { missingBeside } from "../results/summary_rows.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { createProgress } from "../terminal/progress.ts";
import type { DeviceChoice } from "../runs/run_options.ts";
import { writeText } from "../terminal/text_stream.ts";
import type { Evaluation } from "../../../core/evaluator.ts";
import { type BenchmarkChoices, chooseBenchmarks, describeNames } from "./benchmark_list.ts";
import { benchmarksAtHand } from "./benchmarks_at_hand.ts";
import { evaluateModel } from "./evaluate_model.ts";
import { modelReference } from "../models/model_reference.ts";
import { openResultFolder, type ResultFolder } from "./result_folder.ts";

/** What the command line says, beside weights and benchmarks. */
interface EvaluateRequest extends BenchmarkChoices {
  readonly device: DeviceChoice;
  readonly threads?: number | undefined;
  readonly activation?: "quick_gelu" | "gelu" | undefined;
  readonly part?: string | undefined;
  readonly chunk: number;
  /** A folder; `false` for none. */
  readonly cache?: string | boolean | undefined;
  readonly out?: string | undefined;
}

/** Scores a model with benchmarks. */
const defineEvaluate: DefineEngineCommand = async (command, host: EngineHost) => {
  const known = await host.plugins.benchmarks();
  command
    .argument(
      "<weights>",
      Object.values(host.plugins.models).toReversed().map(({ form }) => form).join("; "),
    )
    .argument("<benchmarks...>", describeNames(known))
    .option("--images <folder...>", "where pictures are; a benchmark's own folder in it goes first")
    .option(
      "--annotations <folder>",
      "where annotations are, in a folder <benchmark> or a file <benchmark>.json, .jsonl or .csv; " +
        "for a single benchmark also its own folder, file or address; " +
        "default: their authors' address",
    )
    .option("--partial", "score the items whose pictures are there and whole; the result says so")
    .option("--limit <n>", "score only the first n items of each subset", wholeNumber(1))
    .option("--image-column <column>", "of captions: the pictures' column, by name or number")
    .option("--caption-columns <columns...>", "of captions: the captions' columns, likewise")
    .option("--delimiter <character>", "of captions: what separates a table's cells, or tab")
    .addOption(deviceOption())
    .addOption(threadsOption())
    .addOption(
      new Option("--activation <name>", "for weights that do not tell it")
        .choices(["quick_gelu", "gelu"] as const),
    )
    .option("--part <name>", "which of several models in one file, such as model_ema")
    .option("--chunk <n>", "pictures or texts that are embedded together", wholeNumber(1), 64)
    .option(
      "--cache <folder>",
      "where embeddings are kept; default: embeddings in the cache folder",
    )
    .option("--no-cache", "compute all embeddings anew")
    .option(
      "--out <folder>",
      "where results are written, as CLIP_benchmark's files and scores.json, and the names of " +
        "missing pictures",
    )
    .option("--trace", "show the stack of an error")
    .action(async (weights, benchmarks, { trace: _, ...request }) => {
      host.done(
        await sharedWork(
          host.world,
          (processes) => evaluate(weights, benchmarks, request, processes, host),
        ),
      );
    });
};

export default defineEvaluate;

async function evaluate(
  weights: string,
  names: readonly string[],
  request: EvaluateRequest,
  processes: Processes,
  { world, plugins }: EngineHost,
): Promise<number> {
  const { device: choice, threads, activation, part, chunk, cache, out, ...choices } = request;
  // Of several processes the first one alone writes.
  const writes = out !== undefined && processes.exchange.rank === 0;
  if (out !== undefined) await checkOutput("--out", out, "folder");
  if (typeof cache === "string") await checkOutput("--cache", cache, "folder");
  const benchmarks = await chooseBenchmarks(names, choices, await plugins.benchmarks());
  const source = await plugins.source(await modelReference(weights), {
    ...(activation === undefined ? {} : { activation }),
    ...(part === undefined ? {} : { part }),
  });
  const progress = createProgress(world.stderr, world);
  let settings = "";
  return await interruptible(async (signal) => {
    using images = createPicturePool(pictureWorkers(processes));
    const assets = (await world.loadEngine()).createAssets(progress.line);
    const context = { assets, images, log: progress.line };
    const found = await benchmarksAtHand(benchmarks, context);
    const model = await source.load(context);
    const device = await openDevice(choice, {
      threads: threads ?? processes.threads,
      processes: processes.onMachine,
    });
    const scores: Evaluation[] = [];
    let folder: ResultFolder | undefined;
    try {
      const failed = await evaluateModel(model, found, {
        device,
        context,
        progress,
        chunk,
        cache: cache === false ? undefined : typeof cache === "string" ? cache : world.embeddings(),
        signal,
        exchange: processes.exchange,
        onStart: async ({ image, text }, told) => {
          settings = told;
          if (!writes) return;
          const label = { model: model.name.replace(/ \(.*\)$/, ""), pretrained: weights };
          const provenance = {
            fingerprint: `${image} ${text}`,
            weights,
            model: model.name,
            device: device.kind,
            settings,
          };
          folder = await openResultFolder(out, provenance, label);
        },
        onScores: async (evaluations) => {
          scores.push(...evaluations);
          await folder?.add(evaluations);
        },
        onMissing: async (name, missing) => {
          if (!writes) return;
          const file = `${out}/${name.replaceAll(/[^\w.-]+/g, "_")}.missing.txt`;
          await writeFileAtomically(file, missing.map((each) => `${each}\n`).join(""));
          progress.line(`${name}: all ${missing.length} missing pictures are named in ${file}`);
        },
      });
      print(scores);
      if (out !== undefined && scores.length > 0) writeText(world.stdout, `\nresults: ${out}\n`);
      return failed.length > 0 ? 1 : 0;
    } catch (error) {
      if (!isStop(error, signal)) throw error;
      print(scores);
      progress.line("stopped; the same command goes on with the embeddings that were kept");
      return interruptedCode;
    } finally {
      await device.dispose();
    }
  }, () => progress.line("stopping after this picture; Ctrl-C again stops at once"));

  function print(evaluations: readonly Evaluation[]): void {
    if (evaluations.length === 0) return;
    const rows = compareModels([{ stage: weights, evaluations }]);
    const notes = [`${weights}: ${settings}.`, ...missingBeside(rows)];
    writeText(world.stdout, formatComparison(rows, [weights], "markdown", notes));
  }
}
