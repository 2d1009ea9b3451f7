import { z } from "zod";
import type { Context } from "../../core/context.ts";
import { type DataSet, type DataSource, faultCount, firstWithPicture } from "../../core/dataset.ts";
import { defineComponent } from "../../core/define_component.ts";
import { sha256OfText } from "../../core/host/sha256_of_text.ts";
import { parsePython } from "../../core/parse_python.ts";
import { captionsSchema } from "../captions/caption_options.ts";
import { openRows, type SourceRow } from "../captions/open_rows.ts";
import { MALFORMED, readTable } from "../captions/read_table.ts";

const path = z.string().min(1);
const schema = z.strictObject({
  captions: path,
  questions: path,
  images: z.union([path, z.array(path).min(1)]).nullable().default(null),
});

/** What a row's cells say, by the names of their columns; or why it cannot be used. */
type ReadCells = (cells: Readonly<Record<string, string>>) => readonly string[] | string;

/** How a table of the authors is read: what names the picture, and the texts. */
interface Form {
  readonly image: string;
  readonly columns: readonly string[];
  readonly texts: ReadCells;
}

const listOfTexts = z.array(z.string().min(1)).min(1);

const CAPTIONS: Form = {
  image: "filepath",
  columns: ["negative_captions"],
  texts: ({ negative_captions: cell }) => {
    const found = listOfTexts.safeParse(parsePython(cell!));
    return found.success
      ? found.data
      : "negative_captions: expected a list of texts as Python shows it";
  },
};

const ANSWERS = ["caption_0", "caption_1", "caption_2", "caption_3"];

const QUESTIONS: Form = {
  image: "image_path",
  columns: [...ANSWERS, "correct_answer"],
  texts: (cells) => {
    const texts = ANSWERS.map((name) => cells[name]!.trim());
    const empty = texts.indexOf("");
    if (empty >= 0) return `${ANSWERS[empty]}: expected an answer, found none`;
    const number = cells["correct_answer"]!;
    if (!/^[0-3]$/.test(number)) {
      return `correct_answer: expected 0 to 3, found ${JSON.stringify(number)}`;
    }
    const [right] = texts.splice(Number(number), 1);
    if (texts.includes(right!)) return "expected one right answer, found it twice";
    // One text: a picture's rows are joined, and a question must not be torn.
    return [JSON.stringify([right, ...texts])];
  },
};

/** Captions and questions: see {@linkcode negFullTables}. */
interface NegFullDataSet extends DataSet {
  /** The questions of example `index`, the right answer of each first; none of one with captions. */
  questionsOf(index: number): readonly (readonly string[])[];
}

/**
 * CC12M-NegFull in the form that the authors' scripts write (m1k2zoo/negbench,
 * `synthetic_datasets/finetuning`, commit 2ac009b): pictures with captions that deny something, then
 * pictures with questions. An example is one or the other, so that a batch holds both as they come.
 * A row with a list that does not parse, an answer missing or none that is right is a fault of the
 * data set.
 *
 * The caption of a question's example is its right answer.
 *
 * `open` throws a `SyntaxError` that names the file, if it does not parse or lacks a column.
 *
 * @param options.captions CC12M-NegCap: a table with the columns `filepath` and
 *   `negative_captions`, a list of Python.
 * @param options.questions CC12M-NegMCQ: a table with the columns `image_path`, `caption_0` to
 *   `caption_3` and `correct_answer`, 0 to 3.
 * @param options.images The folder that relative picture paths start from, as that of `captions`.
 *   Default `null`.
 * @throws {SettingsError} if an option is unknown or of another kind.
 */
export const negFullTables: (
  options: {
    readonly captions: string;
    readonly questions: string;
    readonly images?: string | readonly string[] | null;
  },
) => DataSource = defineComponent({
  name: "negFullTables",
  schema,
  make: ({ captions, questions, images }) => ({
    async open(context: Context): Promise<NegFullDataSet> {
      const open = async (path: string, form: Form) => {
        const { image, columns } = form;
        const options = captionsSchema.parse({
          ...{ path, images },
          columns: { image, captions: columns },
        });
        // `form` tells an index that is kept of these rows from one of the same columns as captions.
        const marked = { ...options, form: "negFullTables" };
        return await openRows([await context.assets.file(path)], marked, context, reader(form));
      };
      return join(await open(captions, CAPTIONS), await open(questions, QUESTIONS));
    },
  }),
});

function reader({ image, columns, texts }: Form) {
  return async function* (path: string): AsyncGenerator<readonly SourceRow[]> {
    const names = [image, ...columns];
    let places: readonly number[] | undefined;
    for await (const some of (await readTable(path, "auto")).rows) {
      const rows: SourceRow[] = [];
      for (const { row, cells, malformed } of some) {
        const where = `${path}, row ${row}`;
        if (places === undefined) {
          const header = cells.map((cell) => cell.trim());
          places = names.map((name) => header.indexOf(name));
          const missing = names.find((_, i) => places![i] === -1);
          if (missing === undefined) continue;
          throw new SyntaxError(
            `${where}: expected the column ${missing}, found ${header.join(", ")}`,
          );
        }
        const own = Object.fromEntries(names.map((name, i) => [name, cells[places![i]!] ?? ""]));
        const read = malformed ? MALFORMED : texts(own);
        rows.push(
          typeof read === "string"
            ? { where, refused: read }
            : { where, image: own[image]!.trim(), captions: read },
        );
      }
      yield rows;
    }
  };
}

function join(captions: DataSet, questions: DataSet): NegFullDataSet {
  const name = `${captions.name} and ${questions.name}`;
  const length = captions.length + questions.length;
  const place = (index: number): readonly [data: DataSet, inside: number, first: number] => {
    if (!Number.isInteger(index) || index < 0 || index >= length) {
      throw new RangeError(`${name}: expected an example from 0 to ${length - 1}, found ${index}`);
    }
    const first = index < captions.length ? 0 : captions.length;
    return [first === 0 ? captions : questions, index - first, first];
  };
  const asked = (data: DataSet, inside: number): readonly (readonly string[])[] =>
    data === captions ? [] : data.record(inside).captions.map((text) => JSON.parse(text));
  return {
    name,
    length,
    faults: [...captions.faults, ...questions.faults],
    faultCount: faultCount(captions) + faultCount(questions),
    questionsOf(index) {
      const [data, inside] = place(index);
      return asked(data, inside);
    },
    record(index) {
      const [data, inside] = place(index);
      if (data === captions) return data.record(inside);
      const { id } = data.record(inside);
      return { id, captions: asked(data, inside).map(([right]) => right!) };
    },
    // Async functions, so that an index out of range rejects as it does for any data set.
    size: async (index) => {
      const [data, inside] = place(index);
      return await data.size(inside);
    },
    pixels: async (index, operation) => {
      const [data, inside] = place(index);
      return await data.pixels(inside, operation);
    },
    pictureOf(index) {
      const [data, inside, first] = place(index);
      return first + firstWithPicture(data, inside);
    },
    fingerprint: async () =>
      sha256OfText([await captions.fingerprint(), await questions.fingerprint()].join()),
  };
}

/**
 * The questions of an example, the right answer of each first; none where it has captions instead.
 *
 * @returns undefined if the data is not of {@linkcode negFullTables}.
 */
export function questionsAt(
  data: DataSet,
  index: number,
): readonly (readonly string[])[] | undefined {
  return "questionsOf" in data ? (data as NegFullDataSet).questionsOf(index) : undefined;
}
