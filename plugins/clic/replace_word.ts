import type { TaggedSentence } from "./tagged_sentence.ts";

/**
 * How a word is found in its sentence.
 *
 * - `"pattern"`, the released code's regular expression: apostrophes and full stops at the word's
 *   ends are dropped, then it is searched between word boundaries. So "t" is found in "don't", "a.m."
 *   leaves its last full stop behind, a comma is hardly ever found, and a full stop is found at every
 *   word boundary, where the other word is then inserted.
 * - `"token"`: the tagger's tokens that are equal to the word and no part of a longer word.
 */
export type Replacement = "pattern" | "token";

/** A stretch of a sentence. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What `\w` matches in Python: letters and numbers of every script, and the underscore. */
const WORD = "[\\p{L}\\p{N}_]";
const WORD_BEFORE = new RegExp(`${WORD}$`, "u");
const WORD_AFTER = new RegExp(`^${WORD}`, "u");

/** The released code's pattern for a word of which stripping leaves nothing. */
const NOTHING = new RegExp(
  `(['"]*)(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))(['"]*)`,
  "gu",
);

/** Without the characters that the released code strips off both ends of a word. */
export function stripWord(word: string): string {
  return word.replace(/^['.]+|['.]+$/g, "");
}

/**
 * The text with every match of the released code's pattern for `word` replaced:
 * `(['"]*)\b(word)\b(['"]*)`, where the quotes stay.
 */
export function replacePattern(text: string, word: string, replacement: string): string {
  const stripped = stripWord(word);
  if (stripped === "") {
    return text.replace(
      NOTHING,
      (_match, before: string, after: string) => before + replacement + after,
    );
  }
  // A search instead of a pattern of its own for each word, which takes milliseconds to compile.
  const spans: Span[] = [];
  let start = text.indexOf(stripped);
  while (start !== -1) {
    const end = start + stripped.length;
    const found = isBoundary(text, start) && isBoundary(text, end);
    if (found) spans.push({ start, end });
    start = text.indexOf(stripped, found ? end : start + 1);
  }
  return replaceSpans(text, spans, replacement);
}

/** The sentence with every token that is `word` replaced, and nothing else changed. */
export function replaceToken(sentence: TaggedSentence, word: string, replacement: string): string {
  const spans = sentence.tokens.filter((token) =>
    token.text === word && isWhole(sentence.text, token)
  );
  return replaceSpans(sentence.text, spans, replacement);
}

/** The text with spans that are in order and do not overlap replaced. */
export function replaceSpans(text: string, spans: readonly Span[], replacement: string): string {
  let result = "";
  let end = 0;
  for (const span of spans) {
    result += text.slice(end, span.start) + replacement;
    end = span.end;
  }
  return result + text.slice(end);
}

/** Whether a span neither begins nor ends inside a word, as `is` and `n't` of "isn't" do. */
export function isWhole(text: string, { start, end }: Span): boolean {
  const cuts = (position: number) => wordBefore(text, position) && wordAfter(text, position);
  return !cuts(start) && !cuts(end);
}

function isBoundary(text: string, position: number): boolean {
  return wordBefore(text, position) !== wordAfter(text, position);
}

// Two code units hold any one character.
function wordBefore(text: string, position: number): boolean {
  return WORD_BEFORE.test(text.slice(Math.max(0, position - 2), position));
}

function wordAfter(text: string, position: number): boolean {
  return WORD_AFTER.test(text.slice(position, position + 2));
}
