import { dirname, join } from "node:path";
import { z } from "zod";
import { readJson } from "./read_json.ts";
import { describeFound } from "../../settings_error.ts";
import { shortened } from "../../shortened.ts";
import { noSuchTensor, type TensorFile } from "./tensor_file.ts";

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The longest name that a file can have on the usual disks. */
const LONGEST_NAME = 255;

/**
 * Opens a checkpoint that is spread over several files beside its index, such as
 * `model.safetensors.index.json`. All headers are read and checked, no tensor is.
 *
 * @param openShard Opens one of the files.
 * @returns The tensors of the index, in its order; the metadata of all files together.
 * @throws {SyntaxError} if the index or a file does not parse, a file is missing, or a tensor is
 *   not in the file where the index says it is.
 * @throws {Deno.errors.NotFound} if there is no such index.
 */
export async function openShardedCheckpoint(
  indexPath: string,
  openShard: (path: string) => Promise<TensorFile>,
): Promise<TensorFile> {
  const shardOf = await readIndex(indexPath);
  const shardNames = [...new Set(shardOf.values())];
  const opened = await Promise.all(
    shardNames.map((shard) => openNamed(indexPath, shard, openShard)),
  );
  const shards = new Map(shardNames.map((shard, i) => [shard, opened[i]!]));
  const files = new Map<string, TensorFile>();
  for (const [name, shard] of shardOf) {
    const file = shards.get(shard)!;
    if (!file.has(name)) {
      throw new SyntaxError(
        `${indexPath}: expected tensor "${shortened(name)}" in ${shard}, found none there`,
      );
    }
    files.set(name, file);
  }
  const find = (name: string): TensorFile => {
    const file = files.get(name);
    if (file === undefined) throw noSuchTensor(indexPath, name, [...files.keys()]);
    return file;
  };
  return {
    path: indexPath,
    names: [...files.keys()],
    metadata: Object.assign({}, ...opened.map((file) => file.metadata)),
    has: (name) => files.has(name),
    info: (name) => find(name).info(name),
    read: async (name) => await find(name).read(name),
    readFloat32: async (name) => await find(name).readFloat32(name),
  };
}

async function readIndex(path: string): Promise<Map<string, string>> {
  const index = indexSchema.safeParse(await readJson(path));
  if (!index.success) {
    throw new SyntaxError(`${path}: expected a "weight_map" from tensor names to file names`);
  }
  const shardOf = new Map(Object.entries(index.data.weight_map));
  for (const shard of shardOf.values()) {
    // An index from the net must not reach files outside its own folder.
    if (shard === "" || shard === ".." || /[/\\\0]/.test(shard) || shard.length > LONGEST_NAME) {
      throw new SyntaxError(
        `${path}: expected the name of a file beside it, found ${describeFound(shard)}`,
      );
    }
  }
  return shardOf;
}

async function openNamed(
  indexPath: string,
  shard: string,
  openShard: (path: string) => Promise<TensorFile>,
): Promise<TensorFile> {
  try {
    return await openShard(join(dirname(indexPath), shard));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new SyntaxError(
      `${indexPath}: expected ${shortened(shard)} beside it, found no such file`,
      {
        cause: error,
      },
    );
  }
}
