import { nounPhrases } from "../language/noun_phrases.ts";
import type { Tag } from "../language/tag.ts";
import type { TaggedToken } from "../language/tagger.ts";
import { PHRASAL_PREPOSITIONS } from "./prepositions.ts";

/** Something that a caption speaks of. */
export interface Entity {
  /** The token of its noun or pronoun. */
  readonly head: number;
  /** The tokens of its determiners, numbers and adjectives. */
  readonly modifiers: readonly number[];
}

/** What the caption says between two entities: a preposition, a verb with an object, or "is". */
export interface Relation {
  /** Which of them. */
  readonly kind: "preposition" | "verb" | "auxiliary";
  /** Its first token. */
  readonly start: number;
  /** The token after its last: a preposition may have several words. */
  readonly end: number;
}

/** The scene that a caption describes. */
export interface Scene {
  /** In the caption's order. */
  readonly entities: readonly Entity[];
  /** In the caption's order. */
  readonly relations: readonly Relation[];
}

/** Tokens from `start` up to `end`, exclusive. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/**
 * The entities, modifiers and relations of a caption, from its parts of speech.
 *
 * CLoVe's code walks the dependency tree of spaCy (`en_core_web_sm`) with a changed SceneGraphParser.
 * This has no tree; it reads the same things from the order of the tags:
 *
 * - An entity is a noun phrase, or a pronoun that is not a possessive one or "there". "A man's dog" is
 *   one, with the head "dog". Nouns inside prepositions ("in *front* of") are none.
 * - Modifiers are what stands before the noun: determiners, numbers, adjectives, and adjectives joined
 *   to them ("a *black* and *white* dog"); with a tree, a modifier may stand elsewhere.
 * - A relation is what stands right before an entity, if another entity came earlier: the preposition;
 *   a verb ("riding a horse"); or a form of "be". In "played by a woman" it is the verb if "be" stands
 *   before it, else nothing, as in the original. A verb without an object is none, as there.
 * - The original finds which entity is the subject, drops a relation that has none, repeats one whose
 *   sides are joined by "and", and knows phrasal verbs ("look at"), of which it replaces the verb;
 *   here these are prepositions. It tags with spaCy, which is right more often than wink.
 *
 * @param tokens From a tagger, of one caption.
 */
export function parseCaption(tokens: readonly TaggedToken[]): Scene {
  const texts = tokens.map(({ text }) => text.toLowerCase());
  const prepositions = findPhrasal(texts);
  const phrases = findPhrases(tokens, texts, prepositions);
  const entities: Entity[] = phrases.map(({ start, owned, end }) => ({
    head: end - 1,
    modifiers: indices(owned ?? start, end - 1)
      .filter((index) => MODIFIERS.has(tokens[index]!.tag)),
  }));
  const relations = phrases.flatMap((phrase, i) => {
    const earlier = phrases[i - 1];
    if (earlier === undefined) return [];
    const relation = relationBefore(phrase.start, earlier.end, tokens, texts, prepositions);
    return relation === undefined ? [] : [relation];
  });
  return { entities, relations };
}

const MODIFIERS: ReadonlySet<Tag> = new Set<Tag>(["DET", "NUM", "ADJ"]);
const POSSESSIVES: ReadonlySet<string> = new Set(
  ["my", "your", "his", "her", "its", "our", "their", "whose"],
);

/** A noun phrase; `owned` is where what belongs to its owner ("a man's") begins. */
interface Phrase extends Run {
  readonly owned?: number;
}

function findPhrases(
  tokens: readonly TaggedToken[],
  texts: readonly string[],
  prepositions: readonly Run[],
): readonly Phrase[] {
  const found: Phrase[] = [];
  for (const { start, end } of nounPhrases(tokens)) {
    if (prepositions.some((run) => end - 1 >= run.start && end - 1 < run.end)) continue;
    const last = found.at(-1);
    if (last !== undefined && start === last.end + 1 && /^['’]s?$/.test(texts[last.end]!)) {
      found[found.length - 1] = { start: last.start, owned: start, end };
    } else {
      found.push({ start: extend(start, last?.end ?? 0, tokens, texts), end });
    }
  }
  const inside = (index: number) => found.some((run) => index >= run.start && index < run.end);
  const starts = new Set(found.map(({ start }) => start));
  for (const [index, { tag }] of tokens.entries()) {
    if (tag !== "PRON" || texts[index] === "there" || inside(index)) continue;
    if (POSSESSIVES.has(texts[index]!) && starts.has(index + 1)) continue;
    found.push({ start: index, end: index + 1 });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Where a phrase begins once joined adjectives and adverbs before it are counted in. */
function extend(
  from: number,
  least: number,
  tokens: readonly TaggedToken[],
  texts: readonly string[],
): number {
  const tagAt = (index: number) => index >= least ? tokens[index]?.tag : undefined;
  let start = from;
  for (;;) {
    const before = tagAt(start - 1);
    const first = tagAt(start);
    const joined = first === "ADJ" && (before === "CCONJ" || texts[start - 1] === ",") &&
      tagAt(start - 2) === "ADJ";
    const graded = before === "ADV" && (first === "ADJ" || first === "NUM");
    // Further modifiers, which only an extended phrase has not taken in yet.
    const further = start < from && first !== "DET" && before !== undefined &&
      MODIFIERS.has(before);
    if (joined) start -= 2;
    else if (graded || further) start -= 1;
    else return start;
  }
}

/** Between entities, these stand between a relation and the entity that it leads to. */
const BESIDE: ReadonlySet<Tag> = new Set<Tag>(["ADV", "DET", "NUM", "ADJ"]);

function relationBefore(
  start: number,
  least: number,
  tokens: readonly TaggedToken[],
  texts: readonly string[],
  prepositions: readonly Run[],
): Relation | undefined {
  let last = start - 1;
  const phrasalAt = (index: number) => prepositions.find(({ end }) => end === index + 1);
  while (
    last >= least && phrasalAt(last) === undefined &&
    (BESIDE.has(tokens[last]!.tag) || POSSESSIVES.has(texts[last]!))
  ) last--;
  if (last < least) return undefined;
  const phrasal = phrasalAt(last);
  if (phrasal !== undefined) return { kind: "preposition", ...phrasal };
  const single = { start: last, end: last + 1 };
  switch (tokens[last]!.tag) {
    case "VERB":
      return { kind: "verb", ...single };
    case "AUX":
      return texts[last - 1] === "there" ? undefined : { kind: "auxiliary", ...single };
    case "ADP": {
      const agent = texts[last] === "by" && tokens[last - 1]?.tag === "VERB" &&
        !texts[last - 1]!.endsWith("ing");
      if (!agent) return { kind: "preposition", ...single };
      const passive = last - 2 >= least && tokens[last - 2]!.tag === "AUX";
      return passive ? { kind: "verb", start: last - 1, end: last } : undefined;
    }
    default:
      return undefined;
  }
}

/** Where prepositions of several words stand, the longest where one holds another. */
function findPhrasal(texts: readonly string[]): readonly Run[] {
  const runs: Run[] = [];
  for (let start = 0; start < texts.length;) {
    const lengths = PHRASAL_PREPOSITIONS
      .filter((words) => words.every((word, i) => texts[start + i] === word))
      .map((words) => words.length);
    const end = start + Math.max(0, ...lengths);
    if (end > start) runs.push({ start, end });
    start = Math.max(end, start + 1);
  }
  return runs;
}

function indices(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}
