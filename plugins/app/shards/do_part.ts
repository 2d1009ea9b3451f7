import { findLaunch } from "../../../core/host/mpi/launcher.ts";
import { toolVersions } from "../../../core/host/tool_versions.ts";
import { formatShard, type Shard } from "../../../core/shard.ts";
import { openPart, type PartedWork, partsFolder } from "./part_folder.ts";

/**
 * Does a command's work: all of it, or the part that `--shard` names, in a folder of its own. A part
 * that is done already is left as it is; one that was stopped goes on.
 *
 * @param out What the user named as output.
 * @param work What has to be the same in all parts; versions of all tools are added to it.
 * @param run Does it, into the given place, and says whether it is complete.
 * @throws {RangeError} as `openPart` does; if a launcher of MPI has started several processes, which
 *   would all do the same.
 */
export async function doPart(
  out: string,
  shard: Shard | undefined,
  { command, settings }: PartedWork,
  log: (line: string) => void,
  run: (output: string) => Promise<boolean>,
): Promise<void> {
  if (shard === undefined) {
    refuseSeveral(command);
    await run(out);
    return;
  }
  await using part = await openPart(out, shard, {
    command,
    settings: { ...settings, versions: toolVersions() },
  });
  if (part.done) {
    log(`part ${formatShard(shard)} of ${out} is done already, in ${partsFolder(out)}`);
  } else if (await run(part.output)) {
    await part.finish();
    log(`part ${formatShard(shard)} of ${out} is done; "merge ${out}" joins all of them`);
  }
}

function refuseSeveral(command: string): void {
  const launch = findLaunch((name) => Deno.env.get(name));
  if (launch === undefined) return;
  throw new RangeError(
    `${command}: expected one process, or several that each do a part with --shard, found ` +
      `${launch.size} that ${launch.launcher} has started for the whole of it`,
  );
}
