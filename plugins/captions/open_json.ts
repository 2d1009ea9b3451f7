import type { Context } from "../../core/context.ts";
import { readJson, readJsonLines } from "../../core/host/storage/read_json.ts";
import type { CheckedOptions } from "./caption_options.ts";
import { chooseColumns } from "./columns.ts";
import { cellOf, type Entry, isEntry, namesIn, textsOf, valueAt } from "./json_values.ts";
import { isCocoCaptions, openCoco } from "./open_coco.ts";
import { openRows, type SourceRow } from "./open_rows.ts";
import type { PictureSet } from "./picture_set.ts";

/** Objects by which the keys are recognised. */
const SAMPLE = 50;

/** Opens JSON files: COCO's caption JSON, or lists of objects with a picture and captions. */
export async function openJson(
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  const [first] = paths;
  const json = await readJson(first!);
  if (isCocoCaptions(json)) return await openCoco(paths, json, options, context);
  return await openRows(paths, options, context, async function* (path, _, tell) {
    const list = listIn(path, path === first ? json : await readJson(path));
    yield* rowsOf(path, numbered(list, (i) => `${path}, [${i}]`), options, tell);
  });
}

/** Opens files with a JSON object a line. */
export async function openJsonLines(
  paths: readonly string[],
  options: CheckedOptions,
  context: Context,
): Promise<PictureSet> {
  return await openRows(paths, options, context, async function* (path, _, tell) {
    yield* rowsOf(path, linesOf(path), options, tell);
  });
}

/** An object of a file, and where it is. */
interface Item {
  readonly where: string;
  readonly value: unknown;
}

async function* rowsOf(
  path: string,
  items: AsyncIterable<Item>,
  { columns: choice }: CheckedOptions,
  tell: (line: string) => void,
): AsyncGenerator<readonly SourceRow[]> {
  const rest = items[Symbol.asyncIterator]();
  const sample: Item[] = [];
  for (let next; sample.length < SAMPLE && !(next = await rest.next()).done;) {
    sample.push(next.value);
  }
  if (!sample.some(({ value }) => isEntry(value))) {
    throw new SyntaxError(`${path}: expected pictures and captions, found no objects`);
  }
  const names = namesIn(sample.map(({ value }) => value));
  // A key chosen by name need not be among the first objects.
  const chosen = [choice.image, ...choice.captions ?? []]
    .filter((each) => typeof each === "string")
    .filter((each) =>
      !names.includes(each) && sample.some(({ value }) => valueAt(value, each) !== undefined)
    );
  const all = [...names, ...chosen];
  const cells = sample.map(({ value }) => all.map((name) => cellOf(valueAt(value, name))));
  const columns = chooseColumns({ names: all, sample: cells, choice, where: path });
  tell(columns.told);
  const captions = "except" in columns.captions ? [] : columns.captions;
  const pick = ({ where, value }: Item): SourceRow => {
    if (!isEntry(value)) return { where, refused: "expected an object, found something else" };
    const pictures = textsOf(valueAt(value, all[columns.image]!));
    if (pictures.length > 1) {
      return { where, refused: `expected one picture, found ${pictures.length}` };
    }
    return {
      where,
      image: pictures[0]?.trim() ?? "",
      captions: captions.flatMap((column) => textsOf(valueAt(value, all[column]!))),
    };
  };
  yield sample.map(pick);
  for (let next; !(next = await rest.next()).done;) yield [pick(next.value)];
}

async function* linesOf(path: string): AsyncGenerator<Item> {
  for await (const { line, value } of readJsonLines(path)) {
    yield { where: `${path}, line ${line}`, value };
  }
}

async function* numbered(
  list: readonly unknown[],
  where: (index: number) => string,
): AsyncGenerator<Item> {
  for (const [index, value] of list.entries()) yield { where: where(index), value };
}

/** The list of objects that a JSON is or holds, or its values where all are objects. */
function listIn(path: string, json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json;
  const values = isEntry(json) ? Object.values(json) : [];
  const lists = values.filter((value) => Array.isArray(value) && value.some(isEntry));
  if (lists.length === 1) return lists[0] as readonly Entry[];
  if (values.length > 0 && values.every(isEntry)) return values;
  const found = isEntry(json)
    ? `the keys ${Object.keys(json).slice(0, 10).join(", ")}`
    : "no object";
  throw new SyntaxError(
    `${path}: expected COCO's caption JSON ("images" and "annotations"), or a list of objects with ` +
      `a picture and captions, found ${found}`,
  );
}
