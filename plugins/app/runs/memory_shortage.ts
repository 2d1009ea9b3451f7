/**
 * What is said where a run lacks memory: before it, in a dry run, or in the midst of it.
 *
 * @module
 */
import type { Device } from "../../../core/device/device.ts";
import { isMemoryFault } from "../../../core/device/memory_fault.ts";
import { machineMemory } from "../../../core/host/machine_memory.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Processes } from "../../../core/processes/processes.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { showBytes } from "../../../core/show_bytes.ts";
import { roomFor } from "../../../core/training/step/keeper.ts";
import { lastCheckpoint, stepOfCheckpoint } from "./checkpoint.ts";
import { writtenBytes } from "./written_bytes.ts";

/** A run needs more memory than there is. */
export class MemoryShortage extends RangeError {
  override readonly name = "MemoryShortage";
}

/** How what is always in memory gets less. */
export const TRAINS_LESS = 'frozen=["image"] or lora() around the model trains less';

/**
 * Bytes that a run has in memory from its first step to its last: weights, and for each trained value
 * its gradient, what the optimiser keeps, and its average if that is kept.
 */
export function standingBytes(recipe: Recipe, model: DualEncoder): number {
  // A gradient is as large as the value that a checkpoint has.
  const { model: weights, checkpoint } = writtenBytes(recipe, model, undefined);
  return weights + checkpoint;
}

/** How a run's steps take less, with the same results: by `chunk` but for rounding, by `memory` exactly. */
export function stepSavings(
  { chunk, memory }: Pick<Recipe, "chunk" | "memory">,
  device: Pick<Device, "limits">,
): string {
  const room = roomFor(memory, device);
  return [
    ...chunk > 1 ? [`a chunk below ${chunk} takes less`] : [],
    ...room > 0 ? [`memory=0 up to ${showBytes(room)} less`] : [],
  ].join(", ");
}

/** A run in which something failed. */
export interface ShortRun {
  readonly recipe: Recipe;
  readonly device: Device;
  /** Undefined until it is loaded. */
  readonly model: DualEncoder | undefined;
  readonly processes: Processes;
  /** Threads that compute on the processor; 0 is one for each core. */
  readonly threads: number;
  /** Steps done. */
  readonly steps: number;
  /** The run folder; undefined until there is one. */
  readonly folder: string | undefined;
  /** Where the command line finds the recipe again; undefined if it cannot. */
  readonly source?: unknown;
}

/**
 * An error of a run as it is told: one that says that there was no memory comes with what the run
 * used, the settings that take less, and how to go on with them; any other is as it was.
 */
export async function explainShortage(error: unknown, run: ShortRun): Promise<unknown> {
  if (error instanceof MemoryShortage || !isMemoryFault(error)) return error;
  const { folder, steps } = run;
  const when = steps === 0 ? "to the end of its first step" : `after step ${steps}`;
  const reason = (error as Error).message.trim();
  const lines = [
    `memory: there was none left for the run to go on ${when}: ${reason}`,
    usedText(run),
    savingsText(run),
    ...folder === undefined
      ? []
      : [resumeText(run, folder, stepOfCheckpoint(await lastCheckpoint(`${folder}/checkpoints`)))],
    newRunText(run),
  ];
  return new MemoryShortage(lines.filter((line) => line !== "").join("\n"), { cause: error });
}

function usedText({ recipe, device, processes, threads }: ShortRun): string {
  const { batch, chunk, precision } = recipe;
  const memory = roomFor(recipe.memory, device) / 2 ** 30;
  const { available, total } = machineMemory();
  return [
    `it used batch=${batch} chunk=${chunk} memory=${Number(memory.toFixed(1))}`,
    `precision=${precision} on ${device.kind}`,
    ...device.kind === "cpu" && threads > 0 ? [`with ${threads} threads`] : [],
    ...processes.onMachine > 1 ? [`in ${processes.onMachine} processes`] : [],
  ].join(" ") +
    `; this process has ${showBytes(Deno.memoryUsage().rss)}, and of the ${
      showBytes(total)
    } that it ` +
    `may use there are ${showBytes(available)} left`;
}

function savingsText({ recipe, device, processes }: ShortRun): string {
  const all = [
    stepSavings(recipe, device),
    ...processes.onMachine > 1 ? ["fewer processes on this machine"] : [],
  ].filter((each) => each !== "");
  return all.length === 0 ? "" : `with the same results: ${all.join(", ")}`;
}

function resumeText(
  { recipe, device, processes, source }: ShortRun,
  folder: string,
  saved: number,
): string {
  const rows = Math.ceil(recipe.batch / processes.exchange.size);
  const chunk = Math.floor(Math.min(recipe.chunk, rows) / 2);
  const settings = [
    ...chunk >= 1 ? [`chunk=${chunk}`] : [],
    ...roomFor(recipe.memory, device) > 0 ? ["memory=0"] : [],
  ];
  const how = source === undefined
    ? `resumed${settings.length === 0 ? "" : ` with ${settings.join(" ")}`} it`
    : `--resume ${[folder, ...settings].join(" ")}`;
  return saved === 0
    ? `there is no checkpoint yet: ${how} begins again`
    : `the checkpoint of step ${saved} stands: ${how} goes on from there`;
}

/** What changes results. */
function newRunText({ recipe, device, model }: ShortRun): string {
  const standing = model === undefined
    ? ""
    : ` (weights, gradients and what the optimiser keeps take ${
      showBytes(standingBytes(recipe, model))
    })`;
  return `a new run takes less with ${
    [
      ...recipe.batch > 1 ? [`a batch below ${recipe.batch}`] : [],
      ...device.halfPrecision && recipe.precision === "float32" ? ["precision=float16"] : [],
    ].map((each) => `${each}, `).join("")
  }or where ${TRAINS_LESS}${standing}`;
}
