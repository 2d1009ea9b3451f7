import type { Exchange } from "../../../core/processes/exchange.ts";
import { fromFirst } from "../../../core/processes/together.ts";
import { holdRunFolder, type RunFolder } from "./run_folder.ts";

/**
 * A run's or study's folder for the processes that share it: the first one makes or opens it and holds
 * it until it is disposed of. The others leave nothing in theirs, which knows nothing but its path.
 *
 * @throws what the first one's `open` and {@linkcode holdRunFolder} throw, in all of them.
 */
export async function holdSharedFolder(
  exchange: Exchange,
  open: () => Promise<RunFolder>,
): Promise<Disposable & { readonly folder: RunFolder }> {
  let folder: RunFolder | undefined;
  let held: Disposable | undefined;
  const path = await fromFirst(exchange, async () => {
    folder = await open();
    held = await holdRunFolder(folder.path);
    return folder.path;
  });
  return {
    folder: folder ?? silentFolder(path),
    [Symbol.dispose]: () => held?.[Symbol.dispose](),
  };
}

function silentFolder(path: string): RunFolder {
  const nothing = () => Promise.resolve();
  return {
    path,
    appendMetrics: nothing,
    truncateMetrics: nothing,
    writeManifest: nothing,
    writeEvaluation: () => Promise.resolve(path),
    readScores: () => Promise.resolve(undefined),
    writeScores: nothing,
  };
}
