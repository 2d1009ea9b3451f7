import { relative, sep } from "node:path";
import type { Context } from "../../../core/context.ts";
import { type DataSet, firstWithPicture, pictureId, reportFaults } from "../../../core/dataset.ts";
import { isFolder } from "../../../core/host/assets/cache.ts";
import { sha256OfText } from "../../../core/host/sha256_of_text.ts";
import { listPictures } from "../../../core/host/images/list_pictures.ts";
import { readText } from "../../../core/host/storage/read_text.ts";
import type { Raster } from "../../../core/images/raster.ts";
import type { CaptionsOptions } from "../../captions/caption_options.ts";
import { captions } from "../../captions/captions.ts";

/** What stands beside an embedding. */
export interface RowFacts {
  /** Names the picture, or the line of a text. */
  readonly id: string;
  /** Which of the picture's captions it is, from 0. */
  readonly caption?: number;
  /** The text. */
  readonly text?: string;
}

/** Rows of one kind that are to be embedded. */
export type EmbedSet =
  & { readonly rows: number; facts(row: number): RowFacts }
  & (
    | { readonly kind: "images"; picture(row: number): Promise<Raster> }
    | { readonly kind: "texts" }
  );

/** What is to be embedded. */
export interface EmbedSource {
  /** Changes where its rows are others. */
  readonly fingerprint: string;
  readonly sets: readonly EmbedSet[];
}

/** Which rows of a source are embedded. */
export type EmbedKind = "images" | "texts" | "both";

/**
 * Opens what is to be embedded: of a folder its pictures, of a text file (`.txt`) its lines, of all
 * that `captions` reads the pictures and their captions.
 *
 * @param of Which rows. Default: pictures of a folder, lines of a text file, both of all else. Of a
 *   folder with captions, `"texts"` and `"both"` read these too.
 * @throws {RangeError | SyntaxError} if there is nothing to embed, or it cannot be read.
 */
export async function openEmbedSource(
  path: string,
  of: EmbedKind | undefined,
  options: Omit<CaptionsOptions, "path">,
  context: Context,
): Promise<EmbedSource> {
  const isDirectory = await isFolder(path);
  if (/\.txt(\.gz)?$/.test(path) && !isDirectory) {
    if (of === undefined || of === "texts") return await linesOf(path, options.limit);
    throw new RangeError(`${path}: expected texts to embed of a text file, found --of ${of}`);
  }
  if (isDirectory && (of ?? "images") === "images") {
    const found = await picturesOf(path, options.limit, context);
    if (found !== undefined) return found;
  }
  const data = await captions({ ...options, path }).open(context);
  reportFaults(data, context.log);
  return {
    fingerprint: await data.fingerprint(),
    sets: [
      ...of === "texts" ? [] : [picturesOfData(data)],
      ...of === "images" ? [] : [textsOfData(data)],
    ],
  };
}

async function linesOf(path: string, limit: number | null | undefined): Promise<EmbedSource> {
  const all = (await readText(path)).split(/\r?\n/)
    .map((text, place) => ({ id: String(place + 1), text }))
    .filter(({ text }) => text.trim() !== "");
  const lines = all.slice(0, limit ?? all.length);
  if (lines.length === 0) throw new RangeError(`${path}: expected lines of text, found none`);
  return {
    fingerprint: sha256OfText(JSON.stringify(lines)),
    sets: [{ kind: "texts", rows: lines.length, facts: (row) => lines[row]! }],
  };
}

/** The pictures of a folder; undefined if it holds shards or tables in their place. */
async function picturesOf(
  folder: string,
  limit: number | null | undefined,
  { images }: Context,
): Promise<EmbedSource | undefined> {
  const all = await listPictures(folder);
  const paths = all.slice(0, limit ?? all.length);
  if (paths.length === 0) return undefined;
  const sizes = await Promise.all(paths.map(async (path) => (await Deno.stat(path)).size));
  const ids = paths.map((path) => relative(folder, path).replaceAll(sep, "/"));
  return {
    fingerprint: sha256OfText(JSON.stringify(ids.map((id, row) => [id, sizes[row]]))),
    sets: [{
      kind: "images",
      rows: paths.length,
      facts: (row) => ({ id: ids[row]! }),
      picture: (row) => images.decode(paths[row]!, { kind: "full" }),
    }],
  };
}

/** Each picture once. */
function picturesOfData(data: DataSet): EmbedSet {
  const examples = Uint32Array.from({ length: data.length }, (_, index) => index)
    .filter((index) => firstWithPicture(data, index) === index);
  return {
    kind: "images",
    rows: examples.length,
    facts: (row) => ({ id: pictureId(data, examples[row]!) }),
    picture: (row) => data.pixels(examples[row]!),
  };
}

/** Each caption of each example. */
function textsOfData(data: DataSet): EmbedSet {
  /** The first row of each example. */
  const starts = new Float64Array(data.length + 1);
  for (let index = 0; index < data.length; index++) {
    starts[index + 1] = starts[index]! + data.record(index).captions.length;
  }
  return {
    kind: "texts",
    rows: starts[data.length]!,
    facts: (row) => {
      let [low, high] = [0, data.length];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (starts[middle]! <= row) low = middle;
        else high = middle;
      }
      const { id, captions } = data.record(low);
      const caption = row - starts[low]!;
      return { id, caption, text: captions[caption]! };
    },
  };
}
