import { openSafetensors, type TensorFile } from "./safetensors.ts";
import { openShardedSafetensors } from "./sharded_safetensors.ts";

/**
 * Opens a checkpoint: one safetensors file, or, if `path` ends in `.index.json`, the files that the
 * index names.
 *
 * @throws {SyntaxError} if a file is truncated, damaged, missing from the index or of another format.
 * @throws {Deno.errors.NotFound} if there is no file at `path`.
 */
export async function openCheckpoint(path: string): Promise<TensorFile> {
  return await (path.endsWith(".index.json")
    ? openShardedSafetensors(path)
    : openSafetensors(path));
}
