import { basename } from "node:path";
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataFault, DataSource } from "../../core/dataset.ts";
import { eachCaption } from "./each_caption.ts";
import { createPictureSet, filesIn, type PictureSetParts } from "./picture_set.ts";
import { createTextRows } from "./text_rows.ts";

/** Where the annotations and the pictures are. */
export interface CocoCaptionsOptions {
  /** The address (`hf:…`, `https:…`, path) of a file such as `captions_train2017.json`. */
  readonly path: string;
  /** The folder of the pictures, such as `train2017`. */
  readonly images: string;
  /**
   * What an example is: one of the `"pictures"` with all its captions (the default), or one of the
   * `"captions"` with its picture. An epoch is once through the examples.
   */
  readonly examples?: "captions" | "pictures";
  /** Use only so many pictures, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const schema = z.strictObject({
  path: z.string().min(1),
  images: z.string().min(1),
  examples: z.enum(["captions", "pictures"]).default("pictures"),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * Pictures and captions from COCO's caption JSON: `images` of `{id, file_name, width, height}` and
 * `annotations` of `{image_id, caption}` (https://cocodataset.org/#format-data). Pictures keep the
 * file's order, and so do the captions of each. Sizes are taken from the file. A picture without
 * captions and a caption without picture become faults of the data set.
 *
 * Where examples are captions those of a picture stand together, and the name of its file and the
 * caption's number among them name it: `000000000009.jpg#2`.
 *
 * `open` throws a `SyntaxError` that names the file if it is not such a JSON.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { assetsFromEnvironment } from "@syntagma/syntagma/assets";
 * import { cocoCaptions } from "@syntagma/syntagma/captions";
 * import { createImagePool } from "@syntagma/syntagma/image-files";
 *
 * const path = await Deno.makeTempFile({ suffix: ".json" });
 * const coco = {
 *   images: [{ id: 7, file_name: "7.jpg", width: 640, height: 480 }],
 *   annotations: [{ image_id: 7, caption: "A lamp on a desk." }],
 * };
 * await Deno.writeTextFile(path, JSON.stringify(coco));
 * using images = createImagePool();
 * const context = { assets: assetsFromEnvironment(), images, log: console.log };
 * const data = await cocoCaptions({ path, images: "train2017" }).open(context);
 * console.assert((await data.size(0)).width === 640);
 * ```
 */
export const cocoCaptions: (options: CocoCaptionsOptions) => DataSource = defineComponent({
  name: "cocoCaptions",
  schema,
  make: (options) => ({
    async open(context) {
      const path = await context.assets.file(options.path);
      const parts = readPictures(path, await readJson(path), options.images, options.limit);
      const pictures = createPictureSet({ ...parts, images: context.images });
      return options.examples === "captions" ? eachCaption(pictures) : pictures;
    },
  }),
});

interface Picture {
  /** Where it stands in the file, for faults. */
  readonly where: string;
  readonly file: string;
  readonly size: readonly [number, number];
  readonly captions: string[];
}

function readPictures(
  path: string,
  json: unknown,
  folder: string,
  limit: number | null | undefined,
): Omit<PictureSetParts, "images"> {
  const faults: DataFault[] = [];
  const pictures = new Map<number | string, Picture>();
  for (const [i, image] of listOf(path, json, "images").entries()) {
    const where = `${path}, images[${i}]`;
    const id = idOf(image["id"]);
    const file = image["file_name"];
    if (id === undefined || typeof file !== "string" || file === "") {
      faults.push({ where, reason: "expected an id and a file_name, found one missing" });
    } else if (pictures.has(id)) {
      faults.push({ where, reason: `expected an id of its own, found ${id} a second time` });
    } else {
      const size = [sideOf(image["width"]), sideOf(image["height"])] as const;
      pictures.set(id, { where, file, size, captions: [] });
    }
  }
  for (const [i, annotation] of listOf(path, json, "annotations").entries()) {
    const where = `${path}, annotations[${i}]`;
    const id = idOf(annotation["image_id"]);
    const picture = id === undefined ? undefined : pictures.get(id);
    const caption = annotation["caption"];
    if (typeof caption !== "string" || caption.trim() === "") {
      faults.push({ where, reason: "expected a caption, found none" });
    } else if (picture === undefined) {
      faults.push({ where, reason: `expected the id of a picture as image_id, found ${id}` });
    } else {
      picture.captions.push(caption.trim());
    }
  }
  const rows = createTextRows();
  const sizes: number[] = [];
  for (const { where, file, size, captions } of pictures.values()) {
    if (captions.length === 0) {
      faults.push({ where, reason: `expected captions of ${file}, found none` });
    } else if (rows.length < (limit ?? Infinity)) {
      rows.add([file, ...captions]);
      // One side alone would pass for a size: then the header of the picture decides.
      sizes.push(...(size.includes(0) ? [0, 0] : size));
    }
  }
  return {
    name: basename(path),
    rows,
    picture: filesIn(folder),
    faults,
    sizes: Uint32Array.from(sizes),
  };
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new SyntaxError(`${path}: expected JSON (${cause.message})`, { cause });
  }
}

type Entry = { readonly [key: string]: unknown };

function listOf(path: string, json: unknown, key: string): readonly Entry[] {
  const list = isEntry(json) ? json[key] : undefined;
  if (!Array.isArray(list)) {
    throw new SyntaxError(`${path}: expected COCO's caption JSON, found no list "${key}" in it`);
  }
  return list.map((entry) => isEntry(entry) ? entry : {});
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null;
}

function idOf(value: unknown): number | string | undefined {
  return typeof value === "number" || typeof value === "string" ? value : undefined;
}

function sideOf(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
