import type { Device } from "../../device/device.ts";
import { disposeResults } from "../../device/typed_program.ts";
import type { TowerPart } from "../../towers/tower_part.ts";
import type { KeptTensors } from "./tower_passes.ts";

/**
 * Keeps what parts leave on their way forward until their way back, as long as there is room: the
 * rest goes forward a second time.
 */
export interface Keeper {
  /** Whether there is room for so many bytes. */
  has(bytes: number): boolean;
  /** Takes what a part left: keeps it, or frees it where there is no room. */
  put(part: TowerPart, kept: KeptTensors, bytes: number): void;
  /** What a part left, which then belongs to the caller; undefined if it was not kept. */
  take(part: TowerPart): KeptTensors | undefined;
  /** Frees all that is left. */
  clear(): void;
}

/** A keeper with room for so many bytes. */
export function createKeeper(room: number): Keeper {
  const held = new Map<TowerPart, { readonly kept: KeptTensors; readonly bytes: number }>();
  let left = room;
  const remove = (part: TowerPart) => {
    const entry = held.get(part);
    if (entry === undefined) return undefined;
    held.delete(part);
    left += entry.bytes;
    return entry.kept;
  };
  return {
    has: (bytes) => bytes <= left,
    put: (part, kept, bytes) => {
      if (bytes > left) return disposeResults(kept);
      left -= bytes;
      held.set(part, { kept, bytes });
    },
    take: remove,
    clear: () => {
      for (const part of held.keys()) disposeResults(remove(part)!);
    },
  };
}

/** What of a processor's memory is used, if nothing is said. */
const SHARE = 1 / 8;

/**
 * Bytes for what is kept.
 *
 * @param memory The recipe's setting, in gigabytes; null for the default.
 */
export function roomFor(memory: number | null, { limits }: Pick<Device, "limits">): number {
  // Of a graphics adapter's memory no more is known than how large one buffer may be.
  return memory === null ? SHARE * (limits.memoryBytes ?? 0) : memory * 2 ** 30;
}
