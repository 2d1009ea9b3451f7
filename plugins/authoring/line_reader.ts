import type { DataFault, DataSource, ExampleRecord } from "../../core/dataset.ts";
import type { Context } from "../../core/context.ts";
import { defineComponent } from "../../core/define_component.ts";
import { readJsonLines } from "../../core/host/storage/read_json.ts";
import { z } from "zod";
import { checkAnnotations } from "../benchmarks/harness/read_annotations.ts";
import type { OptionsSchema } from "../../core/check_options.ts";
import { withNegatives } from "../captions/with_negatives.ts";
import { createPictureExamples, lacking } from "../captions/picture_files.ts";

/** Options of a reader that {@linkcode defineLineReader} makes. */
export interface LineReaderOptions {
  /** The address of a file with one JSON value a line. */
  readonly path: string;
  /** The folder that the paths of its pictures start from. */
  readonly images: string;
}

/** What {@linkcode defineLineReader} makes a factory of. */
export interface LineReaderDefinition<Line> {
  /** The factory's name. */
  readonly name: string;
  /** What a line holds: a zod schema. */
  readonly line: OptionsSchema<Line>;
  /** The example of a line: the path of its picture as `id`, and its captions. */
  readonly example: (line: Line) => ExampleRecord;
  /** Its negative, a picture with captions of its own, where lines have such: see `DataSet`. */
  readonly negative?: (line: Line) => ExampleRecord;
}

const schema = z.strictObject({ path: z.string().min(1), images: z.string().min(1) });

/**
 * A factory of data from files with one JSON value a line and pictures in a folder. Lines are checked
 * as they are read, captions are kept outside the script heap, and pictures are read when they are
 * asked for.
 *
 * A line whose picture has no path or no caption, or a blank one, is left out, and the run tells so.
 * Lines with the same path have one picture. `open` throws a `SyntaxError` that names file, line and
 * place where a line is not of the form expected, or if no line can be used; it names file and line
 * too where `example` or `negative` throws or gives no record.
 *
 * @example
 * ```ts
 * import { defineLineReader, type LineReaderOptions } from "@syntagma/syntagma/authoring";
 * import type { DataSource } from "@syntagma/syntagma";
 * import { z } from "zod";
 *
 * const said: (options: LineReaderOptions) => DataSource = defineLineReader({
 *   name: "said",
 *   line: z.object({ photo: z.string(), said: z.array(z.string()) }),
 *   example: ({ photo, said }) => ({ id: photo, captions: said }),
 * });
 * console.assert(said({ path: "said.jsonl", images: "photos" }).name === "said");
 * ```
 */
export function defineLineReader<Line>(
  { name, line: form, example, negative }: LineReaderDefinition<Line>,
): (options: unknown) => DataSource {
  const parts = negative === undefined ? [example] : [example, negative];
  return defineComponent({
    name,
    schema,
    make: ({ path, images: folder }) => ({
      async open({ assets, images }: Pick<Context, "assets" | "images">) {
        const file = await assets.file(path);
        const kept = parts.map(createPictureExamples);
        const faults: DataFault[] = [];
        for await (const { line, value } of readJsonLines(file)) {
          const where = `${file}, line ${line}`;
          const read = checkAnnotations(where, value, form);
          const records = parts.map((part) => recordOf(part, read, where));
          const reason = records.find((each) => each.reason !== undefined)?.reason;
          if (reason !== undefined) faults.push({ where, reason });
          else records.forEach(({ record }, i) => kept[i]!.add(record));
        }
        if (kept[0]!.length === 0) {
          const { where, reason } = faults[0] ??
            { where: file, reason: "expected lines, found none" };
          throw new SyntaxError(`${where}: ${reason}; no line can be used`);
        }
        const [data, negatives] = kept.map((each) =>
          each.dataSet({ name: path, folder, faults, images })
        );
        return negatives === undefined ? data! : withNegatives(data!, negatives);
      },
    }),
  });
}

/** What a line means, and what that lacks. */
function recordOf<Line>(
  part: (line: Line) => ExampleRecord,
  line: Line,
  where: string,
): { readonly record: ExampleRecord; readonly reason: string | undefined } {
  try {
    const record = part(line);
    return { record, reason: lacking(record) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SyntaxError(`${where}: ${reason}`, { cause: error });
  }
}
