import { basename, join } from "node:path";
import type { Assets, RemoteFile } from "../../core/assets.ts";
import type { Context } from "../../core/context.ts";
import { PictureError } from "../../core/images/picture_error.ts";
import { AssetError } from "../../core/host/assets/asset_error.ts";
import { decodeText } from "../../core/host/storage/read_text.ts";
import { askForAll, copyWithoutPictures } from "./copy_without_pictures.ts";
import { indexAddress, type IndexedMember, parseShardIndex } from "./shard_index.ts";
import { readAt } from "./rows/file_bytes.ts";

/** Shards, here or on servers. */
export interface ShardFiles {
  /**
   * Opens one from beginning to end; whoever asks closes it.
   *
   * @param isPicture Tells by the ending of a member's name, in lower case, that its bytes are not
   *   read. Default: all are.
   */
  open(shard: number, isPicture?: (ending: string) => boolean): Promise<Deno.FsFile>;
  /**
   * Bytes of one.
   *
   * @param id Names in errors what they are of.
   */
  read(shard: number, start: number, size: number, id: string): Promise<Uint8Array>;
}

/** The name of a shard's file, without what an address asks or proves behind it. */
export function shardName(path: string): string {
  return basename(/^https?:/i.test(path) ? new URL(path).pathname : path);
}

/** Shards in files of this machine. */
export function localShards(paths: readonly string[]): ShardFiles {
  const open = (shard: number) => Deno.open(paths[shard]!);
  return {
    open,
    async read(shard, start, size, id) {
      // Opened each time: a set of a thousand shards would hold a thousand files.
      using archive = await open(shard).catch((cause: Error) => {
        throw new PictureError(id, `cannot be read (${cause.message})`, { cause });
      });
      return readAt(archive, start, size);
    },
  };
}

/** Shards that stay where they are. */
export interface RemoteShards extends ShardFiles {
  /** Their versions. */
  readonly print: string;
  /** Whether all servers give parts; else shards are fetched whole, and the last ones are kept. */
  readonly ranges: boolean;
  /** How many whole ones are kept. Default: 2. */
  keep: number;
}

/**
 * Asks servers for shards: of each its size and version.
 *
 * @throws {AssetError} if one cannot be had.
 * @throws {RangeError} if this has no access to servers.
 */
export async function openRemoteShards(
  addresses: readonly string[],
  { assets, log }: Pick<Context, "assets" | "log">,
): Promise<RemoteShards> {
  const files: RemoteFile[] = Array(addresses.length);
  await askForAll(addresses, async (address, shard) => {
    if (assets.remote === undefined) {
      throw new RangeError(`${address}: expected files that are here, found an address`);
    }
    files[shard] = await assets.remote(address);
  });
  /** Gives the path where all but pictures has come, if an index says what that is. */
  const copyByIndex = async (
    shard: number,
    path: string,
    isPicture: (ending: string) => boolean,
  ): Promise<string | undefined> => {
    const [address, file] = [addresses[shard]!, files[shard]!];
    const index = file.ranges ? await indexOf(address, assets) : undefined;
    if (index === undefined) return undefined;
    const fault = typeof index === "string"
      ? index
      : await copyWithoutPictures(file, index, path, isPicture);
    if (fault === undefined) return path;
    log(`${indexAddress(address)} does not fit its shard, which is read whole: ${fault}`);
    return undefined;
  };
  const open: ShardFiles["open"] = async (shard, isPicture) => {
    const dir = assets.cache === undefined ? undefined : join(assets.cache, "captions");
    if (dir !== undefined) await Deno.mkdir(dir, { recursive: true });
    const folder = await Deno.makeTempDir({
      ...(dir === undefined ? {} : { dir }),
      prefix: "shard-",
    });
    const whole = join(folder, "whole.tar");
    const copyWhole = async () => {
      await files[shard]!.copyTo(whole);
      return whole;
    };
    try {
      const parts = isPicture === undefined
        ? undefined
        : await copyByIndex(shard, join(folder, "parts.tar"), isPicture);
      return await Deno.open(parts ?? await copyWhole());
    } finally {
      // Without a name nothing is left of it however the process ends, where the system allows that.
      await Deno.remove(folder, { recursive: true }).catch(() => {});
    }
  };
  /** Whole ones, the one used last at the end. */
  const kept = new Map<number, Promise<Deno.FsFile>>();
  const shards: RemoteShards = {
    print: files.map(({ print }) => print).join("\n"),
    ranges: files.every(({ ranges }) => ranges),
    keep: 2,
    open,
    async read(shard, start, size) {
      const file = files[shard]!;
      if (file.ranges) return await file.read(start, size);
      const whole = kept.get(shard) ?? open(shard);
      kept.delete(shard);
      kept.set(shard, whole);
      // What failed is tried again when it is asked for again.
      whole.catch(() => kept.delete(shard));
      for (const [oldest, archive] of kept) {
        if (kept.size <= shards.keep) break;
        kept.delete(oldest);
        archive.then((file) => file.close(), () => {});
      }
      return readAt(await whole, start, size);
    },
  };
  return shards;
}

/** The most bytes of an index: a shard of 10,000 examples has one of a megabyte. */
const LARGEST_INDEX = 1 << 24;

/** The index that stands beside a shard, or what is wrong with it; undefined if there is none. */
async function indexOf(
  shard: string,
  assets: Assets,
): Promise<readonly IndexedMember[] | string | undefined> {
  const address = indexAddress(shard);
  try {
    const file = await assets.remote!(address);
    if (!file.ranges || file.size > LARGEST_INDEX) return undefined;
    const name = shardName(address);
    return parseShardIndex(decodeText(await file.read(0, file.size), name), name);
  } catch (error) {
    if (error instanceof AssetError) return undefined;
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}
