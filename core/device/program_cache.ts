import type { Device } from "./device.ts";

/**
 * An empty cache of a device's programs, by what they were compiled for: whoever needs the same one
 * again, a training step or a benchmark after it, finds it.
 */
export function createProgramCache(): Device["programs"] {
  const programs = new Map<string, Promise<{ dispose(): Promise<void> }>>();
  const numbers = new WeakMap<object, number>();
  let known = 0;
  const numberOf = (owner: object) => {
    const number = numbers.get(owner) ?? known++;
    numbers.set(owner, number);
    return number;
  };
  return {
    get: <P extends { dispose(): Promise<void> }>(
      owners: readonly object[],
      key: string,
      compile: () => Promise<P>,
    ) => {
      const full = `${owners.map(numberOf).join(" ")}: ${key}`;
      let entry = programs.get(full) as Promise<P> | undefined;
      if (entry === undefined) {
        programs.set(full, entry = compile());
        // What failed is for the caller; it leaves nothing to free.
        entry.catch(() => programs.delete(full));
      }
      return entry;
    },
    dispose: async () => {
      for (const entry of programs.values()) await (await entry).dispose();
      programs.clear();
    },
  };
}
