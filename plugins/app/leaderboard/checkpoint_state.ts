import { z } from "zod";
import { checkContent } from "../../../core/check_content.ts";
import { writeFileAtomically } from "../../../core/host/storage/atomic_file.ts";
import { readJson } from "../../../core/host/storage/read_json.ts";

const schema = z.object({
  /** The weights and the options that scores were made with. */
  made: z.string(),
  /** The benchmarks that are scored, with the data sets of their results. */
  done: z.record(z.string(), z.array(z.string())),
  /** What the scores depend on beside the weights. */
  settings: z.string().exactOptional(),
});

/** How far a checkpoint has come. */
export type CheckpointState = z.infer<typeof schema>;

/**
 * How far a checkpoint had come with the same weights and options; from the start where there is
 * nothing, or something else.
 *
 * @throws {SyntaxError} if the file is not of its form.
 */
export async function readState(path: string, made: string): Promise<CheckpointState> {
  try {
    const state = checkContent(path, "a checkpoint's state", schema, await readJson(path));
    if (state.made === made) return state;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return { made, done: {} };
}

/** @throws {StorageError} if the file cannot be written. */
export async function writeState(path: string, state: CheckpointState): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(state, null, 2)}\n`);
}
