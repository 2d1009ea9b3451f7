import { join } from "node:path";
import type { Context } from "../../core/context.ts";
import { isHiddenName, isOtherPictureName, isPictureName } from "../../core/images/picture_name.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { openRows, type SourceRow } from "./open_rows.ts";
import type { PictureSet } from "./picture_set.ts";
import { fieldsOf, pictureEndings } from "./open_webdataset.ts";
import { captionsOf, type Member, recogniseFields, splitName } from "./sample_captions.ts";

/** Files that say of a folder's pictures what they show, as Hugging Face's ImageFolder has them. */
const TABLES = ["metadata.jsonl", "metadata.csv", "metadata.parquet"];

/**
 * What a folder holds: the files to be read in its place, which are its `metadata.jsonl`, `.csv` or
 * `.parquet`, else its shards (`*.tar`) or its Parquet files; or the pictures themselves.
 *
 * @throws {RangeError} if it has none of all these.
 */
export async function filesOfFolder(
  folder: string,
): Promise<readonly string[] | "pictures"> {
  const names: string[] = [];
  let folders = false;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isHiddenName(name)) continue;
    folders ||= isDirectory;
    if (!isDirectory) names.push(name);
  }
  names.sort();
  const table = TABLES.find((name) => names.includes(name));
  if (table !== undefined) return [join(folder, table)];
  const tars = names.filter((name) => name.endsWith(".tar"));
  if (tars.length > 0) return tars.map((name) => join(folder, name));
  // img2dataset writes Parquet files about the pictures beside their folders.
  if (folders || names.some(isPictureName)) return "pictures";
  const tables = names.filter((name) => name.endsWith(".parquet"));
  if (tables.length > 0) return tables.map((name) => join(folder, name));
  throw new RangeError(
    `${folder}: expected pictures with texts of the same name, tar archives, Parquet files or ` +
      `${TABLES.join(", ")}, found none`,
  );
}

/**
 * Opens a folder of pictures, each with its captions in a file of the same name (`a.jpg`, `a.txt`, or
 * `a.json` and a key inside), in folders inside it as well, as img2dataset writes them.
 */
export async function openFolder(
  folder: string,
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const inFolder = { ...options, images: options.images ?? folder };
  return await openRows([folder], inFolder, context, rowsOf);
}

/** Examples by which the place of the captions is recognised. */
const SAMPLE = 20;

async function* rowsOf(
  folder: string,
  options: CheckedOptions,
  tell: (line: string) => void,
): AsyncGenerator<readonly SourceRow[]> {
  const groups = new Map<string, Map<string, Member>>();
  /** Files whose names differ from another's in capitals alone. */
  const twice: string[] = [];
  /** Pictures of kinds that are not decoded. */
  const others: string[] = [];
  for await (const path of filesBelow(folder, "")) {
    const [key, ending] = splitName(path);
    const members = groups.get(key) ?? new Map<string, Member>();
    groups.set(key, members);
    if (isOtherPictureName(path)) others.push(path);
    if (members.has(ending)) twice.push(path);
    else members.set(ending, { name: path, read: () => Deno.readFileSync(join(folder, path)) });
  }
  const endings = pictureEndings(options);
  const examples = [...groups.values()].flatMap((members) =>
    endings.flatMap((ending) => {
      const picture = members.get(ending);
      return picture === undefined ? [] : [{ picture, members }];
    })
  );
  if (examples.length === 0) {
    throw new RangeError(`${folder}: expected pictures (${endings.join(", ")}), found none`);
  }
  const fields = fieldsOf(options) ??
    recogniseFields(folder, examples.slice(0, SAMPLE).map(({ members }) => members));
  tell(`captions from ${fields.join(", ")} of each picture's name`);
  yield twice.map((path) => {
    const refused = "expected a name of its own, found it in other capitals as well";
    return { where: join(folder, path), refused };
  });
  yield others.map((path) => {
    const refused = "expected a picture that is decoded, found one of another kind";
    return { where: join(folder, path), refused };
  });
  for (const { picture, members } of examples) {
    const where = join(folder, picture.name);
    const captions = captionsOf(members, fields);
    yield [
      "refused" in captions
        ? { where, refused: captions.refused }
        : { where, image: picture.name, captions },
    ];
  }
}

/** All files, those of folders inside as well, in the order of their names. */
async function* filesBelow(folder: string, inside: string): AsyncGenerator<string> {
  const entries = await Array.fromAsync(Deno.readDir(join(folder, inside)));
  entries.sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory } of entries) {
    if (isHiddenName(name)) continue;
    const path = inside === "" ? name : `${inside}/${name}`;
    // A link to a folder is not followed: it may lead in a circle.
    if (isDirectory) yield* filesBelow(folder, path);
    else yield path;
  }
}
