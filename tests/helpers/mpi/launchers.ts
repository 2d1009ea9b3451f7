import { runWithin } from "./run_within.ts";
import { WITH_LOCK } from "../with_lock.ts";

/** The launchers that Debian has beside each other, by name of the implementation. */
const launchers = { "Open MPI": "mpirun.openmpi", MPICH: "mpirun.mpich" } as const;

/** An implementation of MPI. */
export type MpiName = keyof typeof launchers;

/** All of them. */
export const mpiNames = Object.keys(launchers) as MpiName[];

/** Whether its launcher is installed; a test that needs it is skipped without. */
export function hasMpi(name: MpiName): boolean {
  try {
    return new Deno.Command("which", { args: [launchers[name]], stdout: "null", stderr: "null" })
      .outputSync().success;
  } catch {
    return false;
  }
}

/** What came of a job. */
export interface JobResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a module of this repository in several processes.
 *
 * @param size How many.
 * @param args The module's path and its arguments.
 * @param variables Variables of the environment beside this process's own.
 */
export async function runProcesses(
  name: MpiName,
  size: number,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<JobResult> {
  const own = name === "Open MPI" ? ["--allow-run-as-root", "--oversubscribe"] : [];
  return await runWithin(120_000, launchers[name], {
    args: [...own, "-np", String(size), Deno.execPath(), "run", "-A", WITH_LOCK, ...args],
    cwd: new URL("../../../", import.meta.url),
    // Open MPI's sockets go into it, whose paths must be short.
    env: { NO_COLOR: "1", TMPDIR: "/tmp", ...variables },
  });
}
