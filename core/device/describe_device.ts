import type { Device } from "./device.ts";

/**
 * A device in one line, for people: what it is, why it was chosen, how much it can hold; the manifest
 * has all of its limits.
 *
 * @example
 * ```ts
 * import { openDevice } from "@syntagma/syntagma/devices";
 * import { describeDevice } from "./describe_device.ts";
 *
 * const device = await openDevice("cpu");
 * console.assert(describeDevice(device).startsWith("cpu, "));
 * await device.dispose();
 * ```
 */
export function describeDevice({ kind, description, reason, limits }: Device): string {
  const shown = Object.entries(limits).flatMap(([name, value]) => {
    if (name === "cores") return [`${value} cores`];
    return value < 2 ** 20 ? [] : [`${name} ${(value / 2 ** 30).toFixed(1)} GiB`];
  });
  const told = shown.length === 0 ? "" : `; limits: ${shown.join(", ")}`;
  return `${kind}, ${description} (${reason})${told}`;
}
