import { aloneProcess, type Processes } from "../../../core/processes/processes.ts";
import { writeText } from "../terminal/text_stream.ts";
import type { World } from "./world.ts";

/**
 * Does work that the processes of a launcher share, if there are several. Where it fails in one of
 * them all end, and the error is said once.
 *
 * @returns the work's exit code.
 */
export async function sharedWork(
  world: World,
  work: (processes: Processes) => Promise<number>,
): Promise<number> {
  const opened = await world.openProcesses?.();
  if (opened === undefined) return await work(aloneProcess);
  if (opened.exchange.rank === 0) {
    for (const line of opened.description) writeText(world.stderr, `${line}\n`);
  }
  let code: number;
  try {
    code = await work(opened);
  } catch (error) {
    return await opened.fail(error instanceof Error ? error.message : String(error));
  }
  await opened.close();
  return code;
}

/** Workers that decode pictures beside so many threads that compute. */
export function pictureWorkers({ exchange, threads }: Processes): { readonly workers?: number } {
  return exchange.size === 1 ? {} : { workers: Math.min(8, Math.max(1, threads - 1)) };
}
