import { openContext } from "../../../core/host/open_context.ts";
import { aloneProcess } from "../../../core/processes/processes.ts";
import { createProgress, standardErrorOptions } from "../terminal/progress.ts";
import type { RunSurroundings } from "./run_options.ts";

/**
 * What a run has around it, with what a script does not give: the best device, a context of its own
 * and progress on standard error. What was opened here is closed with it.
 */
export function openSurroundings(
  {
    device = "auto",
    context,
    progress,
    signal,
    processes = aloneProcess,
    threads = processes.threads,
  }: Partial<RunSurroundings>,
): Required<Omit<RunSurroundings, "signal">> & Pick<RunSurroundings, "signal"> & Disposable {
  const shown = progress ?? createProgress(Deno.stderr, standardErrorOptions());
  const own = context === undefined ? openContext((line) => shown.line(line)) : undefined;
  return {
    device,
    context: context ?? own!,
    progress: shown,
    threads,
    processes,
    ...(signal === undefined ? {} : { signal }),
    [Symbol.dispose]: () => {
      own?.[Symbol.dispose]();
      if (progress === undefined) shown.close();
    },
  };
}
