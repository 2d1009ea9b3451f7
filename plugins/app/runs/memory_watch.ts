/**
 * Whether a run fits the memory of its machine. What goes past it is ended by the system without a
 * word, so it is told before.
 *
 * @module
 */
import type { Device } from "../../../core/device/device.ts";
import { machineMemory } from "../../../core/host/machine_memory.ts";
import type { RunWatch } from "../../../core/device/rehearsal.ts";
import type { DualEncoder } from "../../../core/model.ts";
import type { Recipe } from "../../../core/recipe.ts";
import { showBytes } from "../../../core/show_bytes.ts";
import { MemoryShortage, standingBytes, stepSavings, TRAINS_LESS } from "./memory_shortage.ts";
import type { DryRunOptions } from "./run_options.ts";

/** Tells how the memory stands. */
type ReadMemory = NonNullable<DryRunOptions["memory"]>;

/** The memory as it stands now. */
export function readMemory(): ReturnType<ReadMemory> {
  return { used: Deno.memoryUsage().rss, ...machineMemory() };
}

/**
 * Holds what a run has in memory from its first step to its last against the memory of a device, where
 * that is known.
 *
 * @throws {MemoryShortage} if it is more.
 */
export function checkMemory(
  recipe: Recipe,
  model: DualEncoder,
  { limits: { memoryBytes } }: Pick<Device, "limits">,
): void {
  const bytes = standingBytes(recipe, model);
  if (memoryBytes === undefined || bytes <= memoryBytes) return;
  throw new MemoryShortage(
    `memory: weights, gradients and what the optimiser keeps take ${showBytes(bytes)}, found ` +
      `${showBytes(memoryBytes)}; ${TRAINS_LESS}`,
  );
}

/** Of a machine's memory this share is left to all else. */
const RESERVE = 1 / 32;

/** What {@linkcode watchMemory} gives: a watch over runs of programs, and the most that was used. */
export interface MemoryWatch extends RunWatch {
  /** The most bytes that the process had, with those that it was about to take. */
  readonly peak: () => number;
}

/**
 * Watches the memory while programs run.
 *
 * @param recipe Whose settings are named where it does not suffice.
 * @param read Tells how the memory stands.
 * @param kept Bytes of pictures that a run keeps, and that what is watched does not.
 */
export function watchMemory(
  recipe: Pick<Recipe, "chunk" | "memory">,
  device: Pick<Device, "limits">,
  read: ReadMemory = readMemory,
  kept = 0,
): MemoryWatch {
  let peak = 0;
  const look = (next: number) => {
    const { used, available, total } = read();
    const bytes = next + kept;
    peak = Math.max(peak, used + bytes);
    if (available - bytes >= RESERVE * total) return;
    throw new MemoryShortage(
      `memory: the run has ${showBytes(used)} of ${showBytes(total)} and its next part${
        kept > 0 ? ` with ${showBytes(kept)} of pictures that are kept` : ""
      } takes ${showBytes(bytes)} more, found ${showBytes(Math.max(0, available))} free; ` +
        stepSavings(recipe, device),
    );
  };
  return { before: look, after: look, peak: () => peak };
}
