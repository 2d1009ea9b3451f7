import { join } from "node:path";
import { LOCK_FILE } from "../../../core/host/storage/folder_lock.ts";
import { SCORES_FOLDER } from "../results/result_files.ts";
import { lookInside } from "./inside.ts";

/** A folder that a run, a study or an evaluation has left, or was to leave. */
export interface Listed {
  /** Its path below the folder that is looked at, with slashes. */
  readonly id: string;
  /** Why it cannot be looked into. */
  readonly fault?: string;
}

/** Deeper than a run of a study in a folder of studies: `studies/mine/arm/seed-0/run`. */
const DEEPEST = 6;

/** What a run that has begun leaves in its folder, even where its manifest is missing. */
const LEFT: readonly string[] = ["metrics.jsonl", "checkpoints", SCORES_FOLDER, "model"];

/**
 * The folders of runs, studies and evaluations below a folder. A folder right below it that is empty
 * counts too: a run was killed there before it wrote anything. Links that lead into the folder are
 * passed over, for what they lead to is found where it is; one that leads out is told.
 *
 * @param root The folder, as `Deno.realPath` gives it.
 */
export async function listFolders(root: string): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  await listBelow(root, [], found);
  return found.toSorted((a, b) => a.id < b.id ? -1 : 1);
}

async function listBelow(root: string, names: readonly string[], found: Listed[]): Promise<void> {
  const id = names.join("/");
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(join(root, ...names)));
  } catch (error) {
    if (names.length === 0) throw error;
    found.push({ id, fault: reasonOf(error) });
    return;
  }
  const has = (name: string) => entries.some((entry) => entry.name === name);
  const isStudy = has("table.md");
  const isBegun = names.length > 0 && LEFT.some(has);
  const isRun = isBegun || names.length > 0 && (has("manifest.json") || has(LOCK_FILE));
  if (isRun) found.push({ id });
  else if (names.length === 1 && entries.length === 0) found.push({ id });
  if (names.length >= DEEPEST || (isBegun && !isStudy)) return;
  for (const { name, isDirectory, isSymlink } of entries) {
    const below = [...names, name];
    if (isDirectory) await listBelow(root, below, found);
    else if (isSymlink) {
      try {
        await lookInside(root, ...below);
      } catch (error) {
        found.push({ id: below.join("/"), fault: reasonOf(error) });
      }
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
