import { basename, dirname, extname } from "node:path";
import { z } from "zod";
import { defineComponent } from "../../core/define_component.ts";
import type { DataSource } from "../../core/dataset.ts";
import { chooseColumns, type ColumnChoice, type Columns } from "./columns.ts";
import { createPictureRows } from "./picture_rows.ts";
import { readTable } from "./read_table.ts";

/** Where the table is and how it is to be read. */
export interface CaptionTableOptions {
  /** The table's address (`hf:…`, `https:…`, path): CSV, or TSV where it ends in `.tsv` or `.tab`. */
  readonly path: string;
  /**
   * The folder that relative picture paths start from, or that `downloadImages` put the pictures
   * into where the table gives their addresses. Default: the folder of the table.
   */
  readonly images?: string | null;
  /**
   * Which columns hold the picture's path and its captions, by number (from 0) or by their name in
   * the header. Default: the first one the path, all others captions.
   */
  readonly columns?: ColumnChoice;
  /**
   * Whether the first row is a header. Default `"auto"`: it is one if columns are chosen by name,
   * or if its path cell neither ends as picture files do (`.jpg`, `.png`, `.webp` …) nor is an
   * address on the web.
   */
  readonly header?: "auto" | boolean;
  /** Use only so many examples, the first ones; `null`, the default, uses all. */
  readonly limit?: number | null;
}

const column = z.union([z.int().min(0), z.string().min(1)]);
const schema = z.strictObject({
  path: z.string().min(1),
  images: z.string().min(1).nullable().default(null),
  columns: z.strictObject({
    image: column.default(0),
    captions: z.array(column).min(1).nullable().default(null),
  }).default({ image: 0, captions: null }),
  header: z.union([z.literal("auto"), z.boolean()]).default("auto"),
  limit: z.int().min(1).nullable().default(null),
});

/**
 * Pictures and captions from a table with one row a picture: its path, the first sentence, further
 * sentences (CLIC's form). Cells may be quoted and then hold commas, line breaks and doubled
 * quotes; empty cells are dropped. A row without path or caption becomes a fault of the data set,
 * and so does one with an address that has not been downloaded. `mixedCaptions` mixes captions of two
 * columns, or of two tables.
 *
 * `open` throws a `SyntaxError` that names file and row if a quote is never closed or a named
 * column is missing.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { assetsFromEnvironment } from "@syntagma/syntagma/assets";
 * import { captionTable } from "@syntagma/syntagma/captions";
 * import { createImagePool } from "@syntagma/syntagma/image-files";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/train.csv`, 'a.jpg,"A lamp, lit.",It is night.\n');
 * using images = createImagePool();
 * const context = { assets: assetsFromEnvironment(), images, log: console.log };
 * const data = await captionTable({ path: `${folder}/train.csv` }).open(context);
 * console.assert(data.record(0).captions[0] === "A lamp, lit.");
 * ```
 */
export const captionTable: (options: CaptionTableOptions) => DataSource = defineComponent({
  name: "captionTable",
  schema,
  make: (options) => ({
    async open(context) {
      const path = await context.assets.file(options.path);
      const rows = await createPictureRows(options.images ?? dirname(path), "captionTable");
      let columns: Columns | undefined;
      for await (const { row, cells, malformed } of readTable(path, delimiterOf(options.path))) {
        if (columns === undefined) {
          columns = chooseColumns(cells, options.columns, options.header, path);
          if (columns.header) {
            context.log(`${path}: row 1 is the header (${cells.join(", ")})`);
            continue;
          }
        }
        const { image, captions } = columns.pick(cells);
        const where = `${path}, row ${row}`;
        if (malformed) {
          const expected = "expected the quotes inside a quoted cell to be doubled";
          rows.refuse(where, `${expected}, found a single one`);
        } else rows.add(where, image, captions);
        if (rows.length === options.limit) break;
      }
      return rows.dataSet(basename(path), context.images);
    },
  }),
});

/** What separates the cells of a table: a tab where its address ends in `.tsv` or `.tab`. */
export function delimiterOf(address: string): string {
  return [".tsv", ".tab"].includes(extname(address).toLowerCase()) ? "\t" : ",";
}
