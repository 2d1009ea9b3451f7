import type { Context } from "../../core/context.ts";
import { isHiddenName, PICTURE_ENDINGS } from "../../core/images/picture_name.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { nameOf } from "./open_rows.ts";
import { createPictureSet, type PictureSet } from "./picture_set.ts";
import { createFaultList, type GrowingFaultList } from "./rows/fault_list.ts";
import type { ReadRows } from "./rows/index_file.ts";
import { keepRows } from "./rows/keep_rows.ts";
import { createNumberRows } from "./rows/number_rows.ts";
import { captionsOf, type Member, recogniseFields, splitName } from "./sample_captions.ts";
import { localShards, openRemoteShards, type ShardFiles, shardName } from "./shard_files.ts";
import { stretchesOf } from "./stretches.ts";
import { splitTexts } from "./split_texts.ts";
import { readAt } from "./rows/file_bytes.ts";
import { readTarMembers, type TarMember } from "./tar_members.ts";
import { createTextRows } from "./rows/text_rows.ts";

/** Examples by which the place of the captions is recognised. */
const SAMPLE = 20;

/**
 * Opens webdataset shards: tar archives in which the members of an example stand together and share
 * their path up to the first dot of the name (`00001.jpg`, `00001.txt`, `00001.json`). Shards are
 * indexed once, by their headers alone, and then read at random.
 *
 * An example without picture or caption becomes a fault, and so does a key that comes again in its
 * shard, and a shard's end where it breaks off.
 */
export async function openWebdataset(
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  return await openShards(paths, localShards(paths), options, context);
}

/**
 * Opens webdataset shards on servers, which stay there. Each is read through once; where captions and
 * pictures are is kept in the cache, and holds as long as sizes and versions are as they were.
 *
 * @throws {RangeError} if a server gives no parts of files and no window is set: for every picture its
 *   whole shard would be fetched.
 */
export async function openRemoteWebdataset(
  addresses: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const shards = await openRemoteShards(addresses, context);
  if (!shards.ranges) {
    if (options.window === null) {
      throw new RangeError(
        `captions.window: expected a number of examples, as the server of ${
          addresses[0]
        } gives no ` +
          "parts of a file (ranges), and whole shards are read one after another; or stream=false",
      );
    }
    context.log(`${addresses[0]}: the server gives no parts of a file: shards are fetched whole`);
  }
  const data = await openShards(addresses, shards, options, context, shards.print);
  // Those that an order within the window is drawn from, and one more on each side.
  shards.keep = 2 + Math.ceil((options.window ?? 1) * addresses.length / Math.max(1, data.length));
  return data;
}

async function openShards(
  paths: readonly string[],
  shards: ShardFiles,
  options: CheckedOptions,
  context: Context,
  print?: string,
): Promise<PictureSet> {
  const { rows, numbers: places, faults } = await keepRows(
    { kind: "webdataset", paths, options, width: 3, ...(print === undefined ? {} : { print }) },
    context,
    async (tell) => await readShards(paths, shards, options, tell),
  );
  return createPictureSet({
    name: nameOf(paths),
    rows,
    faults,
    stretches: stretchesOf(options, places, paths.length, (shard) => [shard, 0]),
    images: context.images,
    picture: async (index, id) => {
      const [shard, start, size] = [0, 1, 2].map((column) => places.get(index, column));
      return await shards.read(shard!, start!, size!, id);
    },
  });
}

/** The captions of shards; of each the number of its shard, and the place and size of its picture. */
async function readShards(
  paths: readonly string[],
  shards: ShardFiles,
  options: CheckedOptions,
  tell: (line: string) => void,
): Promise<ReadRows> {
  const rows = createTextRows();
  const faults = createFaultList();
  const numbers = createNumberRows(3);
  const read = { rows, numbers, faults, notes: {} };
  const endings = pictureEndings(options);
  let fields = fieldsOf(options);
  const asked = fields?.map((field) => field.toLowerCase());
  const isPicture = (ending: string) =>
    endings.includes(ending) &&
    !asked?.some((field) => field === ending || field.startsWith(`${ending}.`));
  for (const [shard, path] of paths.entries()) {
    using archive = await shards.open(shard, isPicture);
    const samples = samplesOf(archive, path, faults.add);
    const first: Sample[] = [];
    if (fields === undefined) {
      for (let next; first.length < SAMPLE && !(next = samples.next()).done;) {
        first.push(next.value);
      }
      const whole = first.filter(({ members }) => pictureOf(members, endings) !== undefined);
      if (whole.length > 0) {
        fields = recogniseFields(path, whole.map(({ members }) => members));
        tell(`${path}: captions from ${fields.join(", ")}`);
      }
    }
    for (const { key, members } of chain(first, samples)) {
      const where = `${path}, ${key}`;
      const picture = pictureOf(members, endings);
      if (picture === undefined) {
        const found = [...members.keys()].join(", ");
        faults.add(where, `expected a picture (${endings.join(", ")}), found ${found}`);
        continue;
      }
      const texts = captionsOf(members, fields ?? ["txt"]);
      const captions = "refused" in texts ? texts : splitTexts(texts, options.split);
      if ("refused" in captions) {
        faults.add(where, captions.refused);
        continue;
      }
      if (rows.length === options.limit) return read;
      rows.add([`${shardName(path)}, ${picture.name}`, ...captions]);
      numbers.add(shard, picture.start, picture.size);
    }
  }
  return read;
}

/** The endings of pictures, in lower case. */
export function pictureEndings({ columns }: CheckedOptions): readonly string[] {
  if (columns.image === null) return PICTURE_ENDINGS;
  return [endingOf(columns.image, "columns.image")];
}

/** The places of captions, if they are chosen. */
export function fieldsOf({ columns }: CheckedOptions): readonly string[] | undefined {
  return columns.captions?.map((column) => endingOf(column, "columns.captions", false));
}

function endingOf(column: number | string, option: string, lower = true): string {
  if (typeof column === "string") return lower ? column.toLowerCase() : column;
  throw new RangeError(
    `captions.${option}: expected the ending of a file such as "jpg" or "txt", found ${column}`,
  );
}

/** A member of a tar archive that can be read. */
type OpenMember = TarMember & Member;

interface Sample {
  readonly key: string;
  readonly members: ReadonlyMap<string, OpenMember>;
}

function pictureOf(members: Sample["members"], endings: readonly string[]): OpenMember | undefined {
  return endings.map((ending) => members.get(ending)).find((member) => member !== undefined);
}

/** Members that stand together and share their key; those of a key that was there are refused. */
function* samplesOf(
  archive: Deno.FsFile,
  path: string,
  refuse: GrowingFaultList["add"],
): Generator<Sample, void> {
  const seen = new Set<string>();
  let key: string | undefined;
  let members = new Map<string, OpenMember>();
  const finish = function* () {
    if (key === undefined) return;
    if (seen.has(key)) {
      refuse(`${path}, ${key}`, "expected a key of its own, found it a second time");
    } else yield { key, members };
    seen.add(key);
  };
  try {
    for (const member of readTarMembers(archive, path)) {
      const parts = member.name.split("/");
      if (parts.includes("..")) {
        refuse(`${path}, ${member.name}`, "expected a name inside the archive, found one with ..");
        continue;
      }
      if (parts.some((part) => part !== "." && isHiddenName(part))) continue;
      const [own, ending] = splitName(member.name);
      // A member with an ending that is there begins another example, even with the same key.
      if (own !== key || members.has(ending)) {
        yield* finish();
        members = new Map();
      }
      key = own;
      members.set(ending, {
        ...member,
        read: () => readAt(archive, member.start, member.size),
      });
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // What was read whole can be used.
    if (key === undefined) throw error;
    refuse(path, error.message.replace(`${path}, `, ""));
  }
  yield* finish();
}

function* chain<T>(first: readonly T[], rest: Iterable<T>): Generator<T> {
  yield* first;
  yield* rest;
}
