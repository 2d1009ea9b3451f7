/** A caption, and negatives of it that others have published. */
export interface PublishedCaption {
  readonly caption: string;
  readonly published: readonly string[];
}

/**
 * The captions of a file, each once: a `.json` file of records with a `caption` (SugarCrepe's form),
 * a `.tsv` file with a `title` and published negatives in `neg_caption` (NegCLIP's form), or lines of
 * text.
 */
export function readCaptions(path: string): readonly PublishedCaption[] {
  const text = Deno.readTextFileSync(path);
  const captions = path.endsWith(".json")
    ? recordsOf(text)
    : path.endsWith(".tsv")
    ? rowsOf(text, path)
    : text.split("\n").map((caption) => ({ caption, published: [] }));
  const unique = new Map(captions.map((each) => [each.caption.trim(), each]));
  unique.delete("");
  return [...unique.values()];
}

function recordsOf(text: string): PublishedCaption[] {
  const records = Object.values(JSON.parse(text) as Record<string, Record<string, unknown>>);
  return records.map(({ caption }) => ({ caption: String(caption), published: [] }));
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
