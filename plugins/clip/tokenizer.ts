import type { Assets } from "../../core/assets.ts";
import type { Tokenizer } from "../../core/model.ts";
import { type BytePairs, readBytePairs } from "./byte_pairs.ts";
import { fixText } from "./ftfy/fix_text.ts";
import { unescapeHtml } from "./ftfy/html_entities.ts";

/**
 * Whose tokenizer it is. All have CLIP's vocabulary, and differ in what comes before: OpenAI and
 * open_clip repair the text (ftfy) and replace entities, transformers does neither, and each writes the
 * start and the end inside of a text in its own way.
 */
export type TokenizerReference = "openai" | "open_clip" | "transformers";

/**
 * Loads CLIP's tokenizer: byte-pair encoding of lower-cased text, 49,408 ids, each text between the
 * start id 49406 and the end id 49407, 0 as padding. A text that is too long keeps its first tokens
 * and the end id, as OpenAI's `tokenize(text, truncate=True)` does. An end written inside a text ends
 * it: the towers of all three take what stands at the first end.
 *
 * Follows `clip/simple_tokenizer.py` of OpenAI, `SimpleTokenizer` of open_clip 3.3 with ftfy 6.3.1, or
 * `CLIPTokenizer` of transformers 5.24 (`CLIPTokenizerFast` of version 4).
 *
 * Written here, although `@huggingface/tokenizers` gives the same ids as the last of them, because the
 * ids of each word can be remembered: captions come ten times as fast.
 *
 * @param assets Where the vocabulary is kept if this module was loaded from a server. Default: the
 *   environment's.
 * @throws {AssetError} if the vocabulary beside this module cannot be had.
 *
 * @example
 * ```ts
 * import { clipTokenizer } from "./tokenizer.ts";
 *
 * const tokenizer = await clipTokenizer("open_clip");
 * const ids = tokenizer.encode("A lamp on a desk.", 77);
 * console.assert(ids.join() === "49406,320,10725,525,320,6550,269,49407");
 * ```
 */
export async function clipTokenizer(
  reference: TokenizerReference,
  assets?: Assets,
): Promise<Tokenizer> {
  const pairs = await readBytePairs(assets);
  return createTokenizer(pairs, references[reference]);
}

/** The words that the remembered ids may be of: more than a language has in daily use. */
const MOST_WORDS = 200_000;

/** What a tokenizer does before byte pairs. */
interface Preparation {
  /** The start and the end as they can stand in a text. */
  readonly special: readonly [start: string, end: string];
  /** The words of a text, in small letters. */
  readonly words: (text: string) => readonly string[];
}

/** What ends words alike in all of them. */
const ENDINGS = String.raw`'t|'re|'ve|'m|'ll|'d`;

/**
 * What OpenAI's tokenizer splits lower-cased text into, written without its "ignore case": that
 * makes the long s of `'ſ` an s, and loses the combining iota U+0345. White space, as Python sees
 * it, includes the separators U+001C to U+001F.
 */
const pythonWords = (special: readonly string[]) =>
  new RegExp(
    [
      ...special.map((each) => each.replaceAll("|", String.raw`\|`)),
      String.raw`'[sſ]|${ENDINGS}`,
      String.raw`\p{L}+`,
      String.raw`\p{N}`,
      String.raw`[^\p{White_Space}\x1c-\x1f\p{L}\p{N}\u0345]+`,
    ].join("|"),
    "gu",
  );

/** The words of a text as Python's tokenizers find them. */
function repaired(special: Preparation["special"]): Preparation {
  const pattern = pythonWords(special);
  const words = (text: string) =>
    unescapeHtml(unescapeHtml(fixText(text))).toLowerCase().match(pattern) ?? [];
  return { special, words };
}

const SPECIAL = String.raw`<\|startoftext\|>|<\|endoftext\|>`;
const RUST_WORD = String.raw`'s|${ENDINGS}|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+`;
const rustWords = new RegExp(`${SPECIAL}|${RUST_WORD}`, "gu");
const partsOfSpecial = new RegExp(RUST_WORD, "gu");

/**
 * The words of a text as the library tokenizers finds them. It looks for the start and the end before
 * it composes letters (NFC) and makes them small, one by one: a capital sigma at the end of a word
 * becomes σ there and ς in Python.
 */
function composed(text: string): readonly string[] {
  return text.split(new RegExp(`(${SPECIAL})`)).flatMap((part, i) => {
    if (i % 2 === 1) return [part];
    // deno-lint-ignore no-control-regex -- every character of ASCII
    const isAscii = /^[\x00-\x7f]*$/.test(part);
    const small = isAscii
      ? part.toLowerCase()
      : Array.from(part.normalize("NFC"), (letter) => letter.toLowerCase()).join("");
    // Written in capitals, start and end are words of three parts each.
    return (small.match(rustWords) ?? [])
      .flatMap((word) => word.startsWith("<|") ? word.match(partsOfSpecial)! : [word]);
  });
}

const OPENAI = ["<|startoftext|>", "<|endoftext|>"] as const;

const references: Readonly<Record<TokenizerReference, Preparation>> = {
  openai: repaired(OPENAI),
  open_clip: repaired(["<start_of_text>", "<end_of_text>"]),
  transformers: { special: OPENAI, words: composed },
};

function createTokenizer(pairs: BytePairs, { special: names, words }: Preparation): Tokenizer {
  const special: readonly (readonly [string, readonly number[]])[] = [
    [names[0], [pairs.start]],
    [names[1], [pairs.end]],
  ];
  let known = new Map(special);

  const encodeWord = (word: string): readonly number[] => {
    const remembered = known.get(word);
    if (remembered !== undefined) return remembered;
    if (known.size >= MOST_WORDS) known = new Map(special);
    const ids = pairs.encode(word);
    known.set(word, ids);
    return ids;
  };
  return {
    padding: 0,
    encode(text, contextLength) {
      if (!Number.isInteger(contextLength) || contextLength < 2) {
        throw new RangeError(
          `contextLength: expected a whole number of at least 2, found ${contextLength}`,
        );
      }
      const ids: number[] = [pairs.start];
      for (const word of words(text)) {
        if (word === names[1]) break;
        for (const id of encodeWord(word)) ids.push(id);
        if (ids.length >= contextLength) break;
      }
      ids.length = Math.min(ids.length, contextLength - 1);
      ids.push(pairs.end);
      return ids;
    },
  };
}
