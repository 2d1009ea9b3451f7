/**
 * The command `leaderboard`.
 *
 * @module
 */
import type { DefineEngineCommand, EngineHost } from "../cli/engine_command.ts";
import { checkOutput } from "../cli/check_output.ts";
import { interruptedCode, interruptible } from "../cli/interrupt.ts";
import { deviceOption, wholeNumber } from "../cli/options.ts";
import { openDevice } from "../../../core/host/devices/open_device.ts";
import { createPicturePool } from "../../../core/host/images/pool.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import {
  type BenchmarkChoices,
  chooseBenchmarks,
  describeNames,
} from "../evaluate/benchmark_list.ts";
import { benchmarksAtHand } from "../evaluate/benchmarks_at_hand.ts";
import { readResults } from "../results/read_results.ts";
import { SCORES_FILE } from "../results/result_files.ts";
import type { DeviceChoice } from "../runs/run_options.ts";
import { createProgress } from "../terminal/progress.ts";
import { writeText } from "../terminal/text_stream.ts";
import { type Checkpoint, readCheckpoints } from "./checkpoint_list.ts";
import type { CheckpointState } from "./checkpoint_state.ts";
import { formatLeaderboard, type LeaderboardEntry } from "./format_leaderboard.ts";
import { scoreCheckpoint } from "./score_checkpoint.ts";

/** What the command line says, beside benchmarks. */
interface LeaderboardRequest extends BenchmarkChoices {
  readonly list?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly device: DeviceChoice;
  readonly chunk: number;
  readonly cache?: string | boolean | undefined;
  readonly out: string;
}

/** Scores released checkpoints with the same code, and says what their authors told. */
const defineLeaderboard: DefineEngineCommand = async (command, host: EngineHost) => {
  command
    .argument("[benchmarks...]", describeNames(await host.plugins.benchmarks()))
    .option("--list <file>", "checkpoints of your own, as JSON; default: those that come along")
    .option("--only <id...>", "only these of the list")
    .option("--images <folder...>", "as of evaluate")
    .option("--annotations <folder>", "as of evaluate")
    .option("--partial", "score the items whose pictures are there and whole; the result says so")
    .option("--limit <n>", "score only the first n items of each subset", wholeNumber(1))
    .addOption(deviceOption())
    .option("--chunk <n>", "pictures or texts that are embedded together", wholeNumber(1), 64)
    .option(
      "--cache <folder>",
      "where embeddings are kept; default: embeddings in the cache folder",
    )
    .option("--no-cache", "compute all embeddings anew")
    .option("--out <folder>", "where results are written", "leaderboard")
    .option("--trace", "show the stack of an error")
    .action(async (benchmarks, { trace: _, ...request }) => {
      const names = benchmarks.length === 0 ? ["all-2026"] : benchmarks;
      host.done(await leaderboard(names, request, host));
    });
};

export default defineLeaderboard;

async function leaderboard(
  names: readonly string[],
  request: LeaderboardRequest,
  { world, plugins }: EngineHost,
): Promise<number> {
  const { list, only, device: choice, chunk, cache, out, ...choices } = request;
  await checkOutput("--out", out, "folder");
  const checkpoints = chosen(await readCheckpoints(list), only);
  const wished = await chooseBenchmarks(names, choices, await plugins.benchmarks());
  const progress = createProgress(world.stderr, world);
  return await interruptible(async (signal) => {
    using images = createPicturePool();
    const assets = (await world.loadEngine()).createAssets(progress.line);
    const context = { assets, images, log: progress.line };
    const benchmarks = await benchmarksAtHand(wished, context);
    const device = await openDevice(choice);
    try {
      const entries: LeaderboardEntry[] = [];
      let markdown = "";
      for (const checkpoint of checkpoints) {
        const folder = `${out}/${checkpoint.id}`;
        const scored = await scoreCheckpoint(checkpoint, {
          ...{ benchmarks, choices, folder, plugins, device, context, progress, chunk, signal },
          cache: cache === false
            ? undefined
            : typeof cache === "string"
            ? cache
            : world.embeddings(),
        });
        entries.push({ ...scored, evaluations: await evaluationsIn(folder, scored.state) });
        // After each, so that what is there can be read while the rest is scored.
        markdown = await write(out, entries);
      }
      writeText(world.stdout, markdown);
      writeText(world.stdout, `\nresults: ${out}\n`);
      const isComplete = entries.every(({ failed }) => failed.length === 0) &&
        entries.some(({ evaluations }) => evaluations.length > 0);
      return isComplete ? 0 : 1;
    } catch (error) {
      if (!signal.aborted) throw error;
      progress.line("stopped; the same command goes on with what was scored");
      return interruptedCode;
    } finally {
      await device.dispose();
    }
  }, () => progress.line("stopping after this picture; Ctrl-C again stops at once"));
}

function chosen(
  all: readonly Checkpoint[],
  only: readonly string[] | undefined,
): readonly Checkpoint[] {
  const odd = only?.find((id) => !all.some((each) => each.id === id));
  if (odd !== undefined) {
    throw new RangeError(
      `--only: expected ids of the list (${all.map(({ id }) => id).join(", ")}), found ${odd}`,
    );
  }
  return only === undefined ? all : all.filter(({ id }) => only.includes(id));
}

async function evaluationsIn(
  folder: string,
  { done }: CheckpointState,
): Promise<LeaderboardEntry["evaluations"]> {
  const datasets = new Set(Object.values(done).flat());
  if (datasets.size === 0) return [];
  const [model] = await readResults(`${folder}/${SCORES_FILE}`);
  // Scores of other options may still lie there.
  return model!.evaluations.filter(({ dataset }) => datasets.has(dataset));
}

/** @returns the part for people. */
async function write(out: string, entries: readonly LeaderboardEntry[]): Promise<string> {
  const { markdown, csv, json, published } = formatLeaderboard(entries);
  await writeFileAtomically(`${out}/leaderboard.md`, markdown);
  await writeFileAtomically(`${out}/leaderboard.csv`, csv);
  await writeFileAtomically(`${out}/leaderboard.json`, json);
  await writeFileAtomically(`${out}/published.json`, `${JSON.stringify(published, null, 2)}\n`);
  return markdown;
}
