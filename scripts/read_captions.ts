import { decodeText } from "../core/host/storage/read_text.ts";

/** A caption, and negatives of it that others have published. */
export interface PublishedCaption {
  readonly caption: string;
  readonly published: readonly string[];
}

/**
 * The captions of files, each once with all that was published of it: a `.json` file of records with
 * a `caption` and a `negative_caption` (SugarCrepe's form), a `.tsv` file with a `title` and
 * published negatives in `neg_caption` (NegCLIP's form), or lines of text.
 */
export function readCaptions(paths: readonly string[]): readonly PublishedCaption[] {
  const unique = new Map<string, PublishedCaption>();
  for (const { caption, published } of paths.flatMap(readFile)) {
    const key = caption.trim();
    const known = unique.get(key);
    if (known === undefined) unique.set(key, { caption, published });
    else unique.set(key, { ...known, published: [...known.published, ...published] });
  }
  unique.delete("");
  return [...unique.values()];
}

function readFile(path: string): readonly PublishedCaption[] {
  const text = decodeText(Deno.readFileSync(path), path);
  if (path.endsWith(".json")) return recordsOf(text);
  if (path.endsWith(".tsv")) return rowsOf(text, path);
  return text.split("\n").map((caption) => ({ caption, published: [] }));
}

function recordsOf(text: string): PublishedCaption[] {
  const records = Object.values(JSON.parse(text) as Record<string, Record<string, unknown>>);
  return records.map(({ caption, negative_caption: negative }) => ({
    caption: String(caption),
    published: typeof negative === "string" ? [negative] : [],
  }));
}

function rowsOf(text: string, path: string): PublishedCaption[] {
  const [header = "", ...lines] = text.trimEnd().split("\n");
  const columns = header.split("\t");
  const [title, negatives] = [columns.indexOf("title"), columns.indexOf("neg_caption")];
  if (title === -1 || negatives === -1) {
    throw new SyntaxError(`${path}: expected columns "title" and "neg_caption", found ${columns}`);
  }
  return lines.map((line) => {
    const fields = line.split("\t");
    return { caption: fields[title]!, published: stringsOfPython(fields[negatives] ?? "") };
  });
}

/** The strings of a list as Python prints it: in single quotes, or double ones if one is in it. */
function stringsOfPython(list: string): string[] {
  const literals = list.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g);
  return [...literals].map(([, single, double]) => (single ?? double!).replace(/\\(.)/g, "$1"));
}
