import type { Device } from "./device.ts";

/**
 * A device in one line, for people: what it is, why it was chosen, what it can hold.
 *
 * @example
 * ```ts
 * import { describeDevice, openDevice } from "@syntagma/syntagma/runtime";
 *
 * const device = await openDevice("cpu");
 * console.assert(describeDevice(device).startsWith("cpu, "));
 * await device.dispose();
 * ```
 */
export function describeDevice({ kind, description, reason, limits }: Device): string {
  const shown = Object.entries(limits).map(([name, value]) =>
    /bytes|size/i.test(name) && value >= 2 ** 20
      ? `${name} ${(value / 2 ** 30).toFixed(1)} GiB`
      : `${name} ${value}`
  );
  return `${kind}, ${description} (${reason}); limits: ${shown.join(", ")}`;
}
