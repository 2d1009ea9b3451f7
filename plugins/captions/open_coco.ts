import type { Context } from "../../core/context.ts";
import { readJson } from "../../core/host/storage/read_json.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { type Entry, isEntry } from "./json_values.ts";
import { nameOf } from "./open_rows.ts";
import { findPictures, pictureFile } from "./picture_place.ts";
import { createPictureSet, type PictureSet } from "./picture_set.ts";
import { createFaultList, type GrowingFaultList } from "./rows/fault_list.ts";
import { createNumberRows, type GrowingNumberRows } from "./rows/number_rows.ts";
import { splitTexts } from "./split_texts.ts";
import { createTextRows, type GrowingTextRows } from "./rows/text_rows.ts";

/** Whether a JSON is in the form of COCO: `images`, and `annotations` of them. */
export function isCocoCaptions(json: unknown): json is Entry {
  return isEntry(json) && Array.isArray(json["images"]) && Array.isArray(json["annotations"]);
}

/**
 * Opens COCO's caption JSON: `images` of `{id, file_name, width, height}` and `annotations` of
 * `{image_id, caption}` (https://cocodataset.org/#format-data). Pictures keep the file's order, and
 * so do the captions of each. Sizes are taken from the file. Ids are the same as numbers and as
 * texts. A picture without captions and a caption without picture become faults.
 *
 * @param json What the first file holds.
 * @throws {SyntaxError} if a file is in another form, or has no captions (`instances_….json`).
 */
export async function openCoco(
  paths: readonly string[],
  json: Entry,
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const gathered: Gathered = {
    rows: createTextRows(),
    sizes: createNumberRows(2),
    faults: createFaultList(),
  };
  for (const [index, path] of paths.entries()) {
    const file = index === 0 ? json : await readJson(path);
    if (!isCocoCaptions(file)) {
      throw new SyntaxError(
        `${path}: expected COCO's caption JSON as ${paths[0]} is, found another`,
      );
    }
    gather(path, file, options, gathered);
  }
  const { rows, sizes, faults } = gathered;
  const length = Math.min(rows.length, 10);
  const first = Array.from({ length }, (_, index) => rows.get(index)[0]!);
  const folder = await findPictures(options, paths[0]!, first, context);
  return createPictureSet({
    name: nameOf(paths),
    rows,
    picture: (_index, id) => pictureFile(folder, id, context.assets),
    faults,
    sizeOf: (index) => [sizes.get(index, 0), sizes.get(index, 1)],
    images: context.images,
  });
}

/** What the files hold. */
interface Gathered {
  readonly rows: GrowingTextRows;
  readonly sizes: GrowingNumberRows;
  readonly faults: GrowingFaultList;
}

interface Picture {
  /** Where it stands in the file, for faults. */
  readonly where: string;
  readonly file: string;
  readonly size: readonly [number, number];
  readonly captions: string[];
}

function gather(
  path: string,
  json: Entry,
  { limit, split }: CheckedOptions,
  { rows, sizes, faults }: Gathered,
): void {
  const pictures = new Map<string, Picture>();
  for (const [i, image] of listOf(json, "images").entries()) {
    const where = `${path}, images[${i}]`;
    const id = idOf(image["id"]);
    const file = image["file_name"];
    if (id === undefined || typeof file !== "string" || file === "") {
      faults.add(where, "expected an id and a file_name, found one missing");
    } else if (pictures.has(id)) {
      faults.add(where, `expected an id of its own, found ${id} a second time`);
    } else {
      const size = [sideOf(image["width"]), sideOf(image["height"])] as const;
      pictures.set(id, { where, file, size, captions: [] });
    }
  }
  const annotations = listOf(json, "annotations");
  if (annotations.length > 0 && !annotations.some((each) => typeof each["caption"] === "string")) {
    throw new SyntaxError(
      `${path}: expected annotations with captions, as captions_val2017.json has, found ` +
        `${annotations.length} without`,
    );
  }
  for (const [i, annotation] of annotations.entries()) {
    const where = `${path}, annotations[${i}]`;
    const id = idOf(annotation["image_id"]);
    const picture = id === undefined ? undefined : pictures.get(id);
    const caption = annotation["caption"];
    if (typeof caption !== "string" || caption.trim() === "") {
      faults.add(where, "expected a caption, found none");
    } else if (!caption.isWellFormed()) {
      faults.add(where, "expected Unicode, found half of a surrogate pair");
    } else if (picture === undefined) {
      faults.add(where, `expected the id of a picture as image_id, found ${id}`);
    } else {
      picture.captions.push(caption.trim());
    }
  }
  for (const { where, file, size, captions: texts } of pictures.values()) {
    // COCO has the same sentence of two people for some pictures: each counts, but for a split.
    const captions = split === "none" ? texts : splitTexts(texts, split);
    if ("refused" in captions) faults.add(where, captions.refused);
    else if (captions.length === 0) {
      faults.add(where, `expected captions of ${file}, found none`);
    } else if (rows.length < (limit ?? Infinity)) {
      rows.add([file, ...captions]);
      // One side alone would pass for a size: then the header of the picture decides.
      sizes.add(...(size.includes(0) ? [0, 0] : size));
    }
  }
}

function listOf(json: Entry, key: string): readonly Entry[] {
  return (json[key] as readonly unknown[]).map((entry) => isEntry(entry) ? entry : {});
}

/** An id as a text: some write `"790"` in one list and 790 in the other. */
function idOf(value: unknown): string | undefined {
  // Beyond 2⁵³ other ids have become the same number.
  return Number.isSafeInteger(value) || typeof value === "string" ? String(value) : undefined;
}

function sideOf(value: unknown): number {
  return typeof value === "number" && value > 0 ? value : 0;
}
