import nlp from "compromise/two";

/** A word with its part of speech as compromise sees it. */
interface Term {
  readonly word: string;
  readonly tag: string;
}

/** compromise's main tags; the first that a word has counts. */
const TAGS = [
  "Pronoun",
  "Noun",
  "Verb",
  "Adjective",
  "Adverb",
  "Preposition",
  "Determiner",
  "Value",
  "Conjunction",
] as const;

/** The words of a sentence, tagged by compromise. */
export function termsOf(sentence: string): readonly Term[] {
  const sentences: { terms: { normal: string; tags: readonly string[] }[] }[] = nlp(sentence)
    .json();
  return sentences.flatMap(({ terms }) => terms)
    .filter(({ normal }) => normal !== "")
    .map(({ normal, tags }) => ({
      word: normal,
      tag: TAGS.find((tag) => tags.includes(tag)) ?? "other",
    }));
}

/** Stretches of words in which two sentences differ, between the longest run of words in common. */
export function differences(
  a: readonly Term[],
  b: readonly Term[],
): readonly { readonly before: readonly Term[]; readonly after: readonly Term[] }[] {
  const common = commonLengths(a, b);
  const found: { before: Term[]; after: Term[] }[] = [];
  let [i, j] = [0, 0];
  let open: { before: Term[]; after: Term[] } | undefined;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i]!.word === b[j]!.word) {
      open = undefined;
      i++;
      j++;
      continue;
    }
    if (open === undefined) found.push(open = { before: [], after: [] });
    if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      open.before.push(a[i++]!);
    } else open.after.push(b[j++]!);
  }
  return found;
}

/** How many words the rests of two sentences have in common, in order. */
function commonLengths(a: readonly Term[], b: readonly Term[]): number[][] {
  const lengths = Array.from(
    { length: a.length + 1 },
    () => new Array<number>(b.length + 1).fill(0),
  );
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] = a[i]!.word === b[j]!.word
        ? lengths[i + 1]![j + 1]! + 1
        : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}
