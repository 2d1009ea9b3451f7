import { decodeText } from "../../core/host/storage/read_text.ts";
import { parseJson } from "../../core/parse_json.ts";
import { shortened } from "../../core/shortened.ts";
import { captionColumns } from "./column_names.ts";
import { namesIn, textsOf, valueAt } from "./json_values.ts";

/** A file of an example: a member of a tar archive, or a file of a folder. */
export interface Member {
  /** Its path in the archive or folder. */
  readonly name: string;
  /** All its bytes. */
  read(): Uint8Array;
}

/** The files of an example by what follows the first dot of their names, in lower case. */
export type Members = ReadonlyMap<string, Member>;

/** The path up to the first dot of the last part, and what follows the dot, in lower case. */
export function splitName(name: string): readonly [key: string, ending: string] {
  const dot = name.indexOf(".", name.lastIndexOf("/") + 1);
  return dot < 0 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1).toLowerCase()];
}

/** Characters of what was found that a message lists. */
const LISTED = 1000;

/** Endings of texts that hold a caption, the likeliest first. */
const TEXTS: readonly string[] = ["txt", "caption", "text", "cap"];

/**
 * The captions of an example.
 *
 * @param fields The ending of a text, or of a JSON file and a name inside it (`json.caption`).
 * @returns or why there are none: something that is not UTF-8 or JSON, or nothing at all.
 */
export function captionsOf(
  members: Members,
  fields: readonly string[],
): readonly string[] | { readonly refused: string } {
  const captions: string[] = [];
  try {
    for (const field of fields) {
      const [ending, inside] = splitField(members, field);
      const member = members.get(ending);
      if (member === undefined) continue;
      const text = decodeText(member.read(), member.name);
      captions.push(
        ...textsOf(inside === "" ? text : valueAt(parseJson(member.name, text), inside)),
      );
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { refused: error.message };
  }
  if (captions.some((text) => text.trim() !== "")) return captions;
  return {
    refused: `expected a caption (${fields.join(", ")}), found none in ${
      [...members.keys()].join(", ")
    }`,
  };
}

/**
 * Where the captions of examples are: in a text, else in a JSON file under a known name.
 *
 * @param where Begins the message of an error.
 * @throws {SyntaxError} if it is not clear; lists what there is and names the option.
 */
export function recogniseFields(where: string, sample: readonly Members[]): readonly string[] {
  const text = TEXTS.find((ending) => sample.some((members) => members.has(ending)));
  if (text !== undefined) return [text];
  const objects = sample.flatMap((members) => {
    const member = members.get("json");
    if (member === undefined) return [];
    try {
      return [parseJson(member.name, decodeText(member.read(), member.name))];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return [];
    }
  });
  const names = namesIn(objects);
  const { columns, kinds } = captionColumns(names);
  if (kinds.length === 1) return columns.map((column) => `json.${names[column]}`);
  const endings = [...new Set(sample.flatMap((members) => [...members.keys()]))];
  const found = [...endings, ...names.map((name) => `json.${name}`)].join(", ");
  throw new SyntaxError(
    `${where}: expected to know where the captions are, found ${shortened(found, LISTED)}; ` +
      'name it as in columns.captions=["json.caption"] (evaluate: --caption-columns json.caption)',
  );
}

/** The ending that a field begins with, the longest that is there, and the name inside. */
function splitField(members: Members, field: string): readonly [ending: string, inside: string] {
  for (let end = field.length; end > 0; end = field.lastIndexOf(".", end - 1)) {
    const ending = field.slice(0, end).toLowerCase();
    if (members.has(ending)) return [ending, field.slice(end + 1)];
  }
  return [field.toLowerCase(), ""];
}
