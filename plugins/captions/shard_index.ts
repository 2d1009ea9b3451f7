/** A member of a shard, as an index beside the shard has it. */
export interface IndexedMember {
  /** What follows the first dot of its name, in lower case. */
  readonly ending: string;
  /** The offset of its first byte in the shard. */
  readonly start: number;
  /** How many bytes it has. */
  readonly size: number;
}

/** What a line says of each member, by version. */
const WORDS: Readonly<Record<string, number>> = {
  "v1.1": 3, // ending, offset, size
  "v1.2": 4, // and the name
};

/** Where `wds2idx` of NVIDIA's DALI writes the index of a shard: its name up to the first dot. */
export function indexAddress(shard: string): string {
  return shard.replace(/^([^?#]*\/)?([^/?#][^/.?#]*)[^/?#]*([?#].*)?$/, "$1$2.idx$3");
}

/**
 * Reads an index as `wds2idx` writes it: the version and the number of examples, then a line for each
 * of them with its members.
 *
 * @param path Begins the message of an error.
 * @throws {SyntaxError} if it is none, or is cut.
 */
export function parseShardIndex(text: string, path: string): readonly IndexedMember[] {
  const [head = "", ...lines] = text.split("\n");
  const [version = "", count, ...more] = head.split(" ");
  const words = WORDS[version];
  if (words === undefined || !isNumber(count) || more.length > 0) {
    throw new SyntaxError(
      `${path}: expected ${Object.keys(WORDS).join(" or ")} and a number of examples, found ` +
        JSON.stringify(head.slice(0, 40)),
    );
  }
  if (lines.at(-1) === "") lines.pop();
  if (lines.length !== Number(count)) {
    throw new SyntaxError(
      `${path}: expected ${count} lines after the first, found ${lines.length}`,
    );
  }
  return lines.flatMap((line, i) => {
    const parts = line.split(" ");
    const members: IndexedMember[] = [];
    for (let at = 0; at < parts.length; at += words) {
      const [ending, start, size] = parts.slice(at, at + words);
      if (at + words > parts.length || !isNumber(start) || !isNumber(size)) {
        throw new SyntaxError(
          `${path}, line ${i + 2}: expected an ending, an offset and a size` +
            `${words > 3 ? ", and a name without spaces" : ""} for each member, found ` +
            JSON.stringify(line.slice(0, 80)),
        );
      }
      members.push({ ending: ending!.toLowerCase(), start: Number(start), size: Number(size) });
    }
    return members;
  });
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^\d{1,15}$/.test(text);
}
