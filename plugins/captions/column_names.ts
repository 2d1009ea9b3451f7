/**
 * What columns of tables of captions are called by those who write such tables: open_clip,
 * img2dataset, Hugging Face, pandas, LAION-COCO, PixelProse, Flickr30k.
 *
 * @module
 */

/** Names of columns of pictures' files. */
const PICTURES: readonly string[] = [
  "filepath",
  "image_path",
  "img_path",
  "file_path",
  "filename",
  "file_name",
  "image_file",
  "image_filename",
  "image_name",
  "image",
  "image_bytes",
  "img",
  "picture",
  "photo",
  "jpg",
  "path",
  "file",
];

/** Names of columns of addresses. */
const ADDRESSES: readonly string[] = ["image_url", "img_url", "url", "image_link", "uri"];

/** Captions that a model wrote go before those from the web, which such tables have as well. */
const WRITTEN: readonly (readonly string[])[] = [["top_caption", "all_captions"], ["vlm_caption"]];

/** What columns of captions are called, but for a number or an `s` at the end. */
const CAPTIONS: readonly string[] = [
  "caption",
  "text",
  "title",
  "sentence",
  "description",
  "comment",
  "alt_text",
  "raw",
];

/** Columns that say something else about a picture. */
const OTHERS = new RegExp(
  "(^|_)(id|ids|uid|key|index|status|error_message|width|height|exif|sha256|md5|hash|split|license|" +
    "language|lang|nsfw|punsafe|pwatermark|similarity|score|comment_number|sentids|label|class|type|" +
    "size|date|user|author|seed|source|domain)$",
);

/** How well a name fits a column of pictures: 0 fits best, `Infinity` not at all. */
export function pictureRank(name: string): number {
  const rank = PICTURES.indexOf(leafOf(name));
  // Files go first: addresses have to be downloaded.
  return rank >= 0 ? rank : PICTURES.length + addressRank(name);
}

/** How well a name fits a column of pictures' addresses, likewise. */
export function addressRank(name: string): number {
  const rank = ADDRESSES.indexOf(leafOf(name));
  return rank >= 0 ? rank : Infinity;
}

/** The columns whose names say that they hold captions: those of the best kind that is there. */
export function captionColumns(names: readonly string[]): {
  /** Their numbers. */
  readonly columns: readonly number[];
  /** What they are called, numbers and plurals left out; more than one leaves it open which. */
  readonly kinds: readonly string[];
} {
  const leaves = names.map(leafOf);
  for (const written of WRITTEN) {
    const columns = written.map((name) => leaves.indexOf(name)).filter((column) => column >= 0);
    if (columns.length > 0) return { columns, kinds: [written[0]!] };
  }
  // What stands inside a group (`meta.title`) is not asked where a column of its own has such a name.
  for (const inside of [false, true]) {
    const columns = names.flatMap((name, column) =>
      name.includes(".") === inside && kindOf(leaves[column]!) !== undefined ? [column] : []
    );
    if (columns.length > 0) {
      return { columns, kinds: [...new Set(columns.map((column) => kindOf(leaves[column]!)!))] };
    }
  }
  return { columns: [], kinds: [] };
}

/** Whether a column's name says that it holds something else than captions. */
export function isOtherColumn(name: string): boolean {
  const leaf = leafOf(name);
  // pandas writes its index as a column without a name, and reads it as `Unnamed: 0`.
  return leaf === "" || /^unnamed:_\d+$/.test(leaf) || OTHERS.test(leaf);
}

function kindOf(leaf: string): string | undefined {
  const stem = leaf.replace(/_?\d+$/, "").replace(/s$/, "");
  return CAPTIONS.find((name) => name === stem || name === leaf);
}

/** The last part of a name such as `meta.url`, in lower case, with `_` for spaces and hyphens. */
function leafOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).trim().toLowerCase().replaceAll(/[\s-]+/g, "_");
}
