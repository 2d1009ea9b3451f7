import { dirname } from "node:path";
import { isDiskFault, storageErrorOf } from "../../../core/host/storage/storage_error.ts";

/**
 * Puts a file to another place, where it is whole or not there, and leaves it where it was: as a
 * second name of the same bytes where the disk allows that, else as a copy. A file that is there
 * already is left alone.
 *
 * @throws {StorageError} if the disk is full.
 */
export async function placeFile(from: string, to: string): Promise<void> {
  await Deno.mkdir(dirname(to), { recursive: true });
  try {
    return await Deno.link(from, to);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    if (error instanceof Deno.errors.NotFound) throw error;
    // Another disk, or one that knows no second names.
  }
  const partial = `${to}.${crypto.randomUUID().slice(0, 8)}.partial`;
  try {
    await Deno.copyFile(from, partial);
    await Deno.rename(partial, to);
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw isDiskFault(error) ? storageErrorOf(to, error) : error;
  }
}
