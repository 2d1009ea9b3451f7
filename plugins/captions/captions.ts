import type { Context } from "../../core/context.ts";
import type { DataSource } from "../../core/dataset.ts";
import { localPath } from "../../core/host/assets/address.ts";
import { defineComponent } from "../../core/define_component.ts";
import { type CaptionsOptions, captionsSchema, type CheckedOptions } from "./caption_options.ts";
import { type DataFormat, formatOf } from "./data_format.ts";
import { eachCaption } from "./each_caption.ts";
import { expandPaths } from "./expand_paths.ts";
import { filesOfFolder, openFolder } from "./open_folder.ts";
import { openJson, openJsonLines } from "./open_json.ts";
import { openParquetFiles } from "./open_parquet.ts";
import { openTables } from "./open_table.ts";
import { openRemoteWebdataset, openWebdataset } from "./open_webdataset.ts";
import type { PictureSet } from "./picture_set.ts";

/**
 * Pictures with captions from files in any of the usual forms, told by their content:
 *
 * - tables (CSV, TSV, any delimiter; as gzip too) with a picture's path or address and its captions
 *   in a row, or a row for each caption;
 * - COCO's caption JSON, JSON lines, lists of JSON objects;
 * - Parquet, with the pictures inside or beside it;
 * - webdataset shards (tar);
 * - a folder of pictures with texts of the same name, of shards, or with a `metadata.csv`.
 *
 * So one's own data takes the place of a recipe's with `data.path=…` alone. What was recognised is
 * told in one line, and where it is not clear `open` asks for the option. Rows that cannot be used
 * become faults of the data set. Pictures that are addresses on the web are downloaded beforehand
 * with `downloadImages`. Where examples are captions those of a picture stand together, and the
 * picture's name and the caption's number name them: `000000000009.jpg#2`.
 *
 * `open` throws a `SyntaxError` that names the file and the place in it, if it does not parse, is not
 * UTF-8, lacks a named column, or it is not clear which columns are meant.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { openContext } from "@syntagma/syntagma/authoring";
 * import { captions } from "@syntagma/syntagma/captions";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/train.csv`, 'a.jpg,"A lamp, lit.",It is night.\n');
 * using context = openContext(console.log);
 * const data = await captions({ path: `${folder}/train.csv` }).open(context);
 * console.assert(data.record(0).captions[0] === "A lamp, lit.");
 * ```
 */
export const captions: (options: CaptionsOptions) => DataSource = defineComponent({
  name: "captions",
  schema: captionsSchema,
  make: (options) => ({
    async open(context) {
      const data = await openPath(options, context);
      return options.examples === "captions" ? eachCaption(data, data.captionCount) : data;
    },
  }),
});

/** Opens files of one format. */
type Open = (
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
) => Promise<PictureSet>;

const openers: Readonly<Record<Exclude<DataFormat, "folder">, Open>> = {
  table: openTables,
  json: openJson,
  jsonl: openJsonLines,
  parquet: openParquetFiles,
  webdataset: openWebdataset,
};

async function openPath(options: CheckedOptions, context: Context): Promise<PictureSet> {
  const addresses = [options.path].flat().map((address) => localPath(address) ?? address);
  const [first] = addresses;
  if (addresses.length === 1 && await isFolder(first!)) {
    const files = options.format === "folder" ? "pictures" : await filesOfFolder(first!);
    if (files === "pictures") return await openFolder(first!, options, context);
    return await openFiles(files, options, context);
  }
  return await openFiles(await expandPaths(addresses), options, context);
}

async function openFiles(
  addresses: readonly string[],
  given: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  if (given.stream) return await openStreamed(addresses, given, context);
  const paths: string[] = [];
  for (const address of addresses) paths.push(await context.assets.file(address));
  const options = { ...given, path: addresses };
  if (given.format === "folder") {
    throw new RangeError(`${paths[0]}: expected a folder, as captions.format says, found a file`);
  }
  if (given.format !== "auto") return await openers[given.format](paths, options, context);
  const format = await formatOf(paths[0]!);
  for (const path of paths.slice(1)) {
    const other = await formatOf(path);
    if (other !== format) {
      throw new SyntaxError(`${path}: expected ${format} as ${paths[0]} is, found ${other}`);
    }
  }
  return await openers[format](paths, options, context);
}

async function openStreamed(
  addresses: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const here = addresses.find((address) => localPath(address) !== undefined);
  if (here !== undefined) {
    throw new RangeError(
      `captions.stream: expected addresses of webdataset shards (https:, hf:), found ${here}`,
    );
  }
  if (options.format !== "auto" && options.format !== "webdataset") {
    throw new RangeError(`captions.stream: expected webdataset, found format=${options.format}`);
  }
  return await openRemoteWebdataset(addresses, { ...options, path: addresses }, context);
}

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isDirectory, () => false);
}
