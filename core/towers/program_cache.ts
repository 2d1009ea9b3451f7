import type { Program } from "../device/device.ts";

/** Programs by the shapes that they are compiled for. */
export interface ProgramCache<T extends { readonly program: Program }> {
  /** The program for a key, compiled on first use. */
  get(key: string, compile: () => Promise<T>): Promise<T>;
  /** Frees all programs. */
  dispose(): Promise<void>;
}

/** An empty cache. */
export function createProgramCache<T extends { readonly program: Program }>(): ProgramCache<T> {
  const programs = new Map<string, Promise<T>>();
  return {
    get: (key, compile) => {
      let entry = programs.get(key);
      if (entry === undefined) {
        programs.set(key, entry = compile());
        // What failed is for the caller; it leaves nothing to free.
        entry.catch(() => programs.delete(key));
      }
      return entry;
    },
    dispose: async () => {
      for (const entry of programs.values()) await (await entry).program.dispose();
      programs.clear();
    },
  };
}
