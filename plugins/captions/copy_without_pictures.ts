import type { RemoteFile } from "../../core/assets.ts";
import { isHiddenName } from "../../core/images/picture_name.ts";
import { splitName } from "./sample_captions.ts";
import type { IndexedMember } from "./shard_index.ts";
import { readAt } from "./rows/file_bytes.ts";
import { BLOCK, readTarMembers } from "./tar_members.ts";

/** Bytes of a picture that cost less than asking a second time. */
const SMALL = 1 << 14;

/** The most bytes that are asked for together. */
const LARGEST = 1 << 22;

/** Requests to servers that are under way at the same time. */
const AT_ONCE = 16;

/** A stretch of a file. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Copies a shard without its pictures, by an index of it: headers and texts alone, with holes where
 * the pictures are.
 *
 * The index says what is to be fetched, and nothing else: what the members are is read from the headers
 * that were fetched. If these do not tell exactly the members of the index, it is of another shard, or
 * an older one, and the copy is not to be used.
 *
 * @param path Where the copy is written.
 * @param isPicture Tells by the ending of a member's name, in lower case, that it is left out.
 * @returns why the index does not fit, or nothing.
 */
export async function copyWithoutPictures(
  shard: RemoteFile,
  members: readonly IndexedMember[],
  path: string,
  isPicture: (ending: string) => boolean,
): Promise<string | undefined> {
  const { stretches, last, fault } = stretchesOf(members, shard.size, isPicture);
  if (fault !== undefined) return fault;
  using file = await Deno.open(path, { create: true, read: true, write: true });
  await file.truncate(shard.size);
  await askForAll(stretches, async ({ start, end }) => {
    const bytes = await shard.read(start, end - start) as Uint8Array<ArrayBuffer>;
    // Both at once, with nothing between: the place in the file is everybody's.
    file.seekSync(start, Deno.SeekMode.Start);
    for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
  });
  if (readAt(file, last, BLOCK).some((byte) => byte !== 0)) {
    return `it ends at byte ${last}, where another member begins`;
  }
  const left = new Map(members.map((member) => [member.start, member]));
  try {
    for (const { name, start, size } of readTarMembers(file, path)) {
      const indexed = left.get(start);
      if (indexed === undefined && name.split("/").some(isHiddenName)) continue;
      if (indexed?.size !== size) return `it does not know ${name} with ${size} bytes at ${start}`;
      if (isPicture(indexed.ending) && !isPicture(splitName(name)[1])) {
        return `it has ${name} as ${indexed.ending}`;
      }
      left.delete(start);
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message.replace(`${path}, `, "");
  }
  for (const { start } of left.values()) return `no member begins at byte ${start}`;
  return undefined;
}

/**
 * Asks servers for each of several things, in their order, with a few requests under way at the same
 * time.
 *
 * @throws whatever a request throws; the others go on, and nobody waits for them.
 */
export async function askForAll<T>(
  things: readonly T[],
  ask: (thing: T, index: number) => Promise<void>,
): Promise<void> {
  const left = things.entries();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    // The same iterator for all: each takes what comes next.
    for (const [index, thing] of left) await ask(thing, index);
  }));
}

/** What is to be fetched, and where the last member ends. */
function stretchesOf(
  members: readonly IndexedMember[],
  length: number,
  isPicture: (ending: string) => boolean,
): {
  readonly stretches: readonly Stretch[];
  readonly last: number;
  readonly fault?: string;
} {
  const stretches: Stretch[] = [];
  let [begun, last] = [0, 0];
  const add = (end: number) => {
    for (let start = begun; start < end; start += LARGEST) {
      stretches.push({ start, end: Math.min(end, start + LARGEST) });
    }
  };
  for (const { ending, start, size } of members) {
    // A header comes before each.
    if (start % BLOCK !== 0 || start < last + BLOCK || start + size > length) {
      const fault = `no member of ${size} bytes can be at byte ${start}`;
      return { stretches, last, fault };
    }
    last = start + Math.ceil(size / BLOCK) * BLOCK;
    if (!isPicture(ending) || size < SMALL) continue;
    add(start);
    begun = last;
  }
  add(Math.min(length, last + BLOCK));
  return { stretches, last };
}
