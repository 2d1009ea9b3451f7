import type { HostProcesses } from "../../core/host/mpi/open_processes.ts";
import { aloneProcess } from "../../core/processes/processes.ts";
import { processWorld, type World } from "../../plugins/app/cli/world.ts";

/** The world of one of several processes that a launcher has started, as far as `parts` tell of it. */
export function launchedWorld(
  parts: Partial<HostProcesses>,
  streams: Pick<World, "stdout" | "stderr">,
): World {
  const processes: HostProcesses = {
    ...aloneProcess,
    ...{ threads: 1, description: [] },
    fail: (message) => Promise.reject(new Error(message)),
    close: () => Promise.resolve(),
    ...parts,
  };
  return { ...processWorld(), ...streams, openProcesses: () => Promise.resolve(processes) };
}

/** Does something while the variables are those that MPICH's launcher gives a process. */
export async function withLaunchVariables<T>(
  rank: number,
  size: number,
  work: () => Promise<T>,
): Promise<T> {
  const variables = { PMI_RANK: `${rank}`, PMI_SIZE: `${size}` };
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
  }
}
