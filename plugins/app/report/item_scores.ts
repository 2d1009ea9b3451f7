/**
 * What the scores of an item stand for. Benchmarks give the cosines of the first picture with each
 * text, of the second picture with each text, …, then those of pairs of texts; retrieval and
 * classification give that of what belongs to the item, then that of the nearest other.
 *
 * @module
 */
import type { ItemScore } from "../../../core/evaluator.ts";

/** A text, or what a score compares. */
export interface Told {
  /** In words. */
  readonly text: string;
  /** Whether it is true of the picture; null for what tells nothing of a picture. */
  readonly truth: boolean | null;
}

/** The positions of two scores of which the first is to be the greater. */
export type Rivals = readonly [own: number, other: number];

/** An item in words. */
export interface ItemReading {
  /** The texts that no score names. */
  readonly texts: readonly Told[];
  /** What each score compares. */
  readonly rows: readonly Told[];
  /** What each metric that the item counts in holds against each other. */
  readonly rivals: Readonly<Record<string, readonly Rivals[]>>;
}

/** @param own The texts of the item's picture, where it has none itself because it looks for them. */
export function readItem(item: ItemScore, own: readonly string[] = []): ItemReading {
  const { images = [], texts = [], scores } = item;
  switch (`${images.length} pictures, ${texts.length} texts, ${scores.length} scores`) {
    case "1 pictures, 3 texts, 6 scores":
    case "0 pictures, 3 texts, 3 scores":
      return readParaphrases(item);
    case "2 pictures, 2 texts, 4 scores":
      return readMatching(item);
    case "1 pictures, 1 texts, 2 scores":
      return readRetrieval(item, texts, ["its own picture", "the nearest other picture"]);
    case "1 pictures, 0 texts, 1 scores":
    case "1 pictures, 0 texts, 2 scores":
      return readRetrieval(item, own, ["the nearest of its own texts", "the nearest other text"]);
    default:
      return readChoice(item);
  }
}

/**
 * By how much what belongs together is nearer than what does not: the least of the differences that
 * a metric asks for; undefined where it asks for none.
 */
export function marginOf(
  scores: readonly number[],
  rivals: readonly Rivals[] = [],
): number | undefined {
  const differences = rivals.map(([own, other]) => scores[own]! - scores[other]!);
  return differences.length === 0 ? undefined : Math.min(...differences);
}

/** Two true texts and a false one, as in SugarCrepe++, on a picture or by themselves. */
function readParaphrases(item: ItemScore): ItemReading {
  const { images = [], texts = [] } = item;
  const told = texts.map((text, index): Told => ({ text, truth: index < 2 }));
  const pairs = [
    "the true texts with each other",
    "the first true text with the false one",
    "the second true text with the false one",
  ].map((text): Told => ({ text, truth: null }));
  if (images.length === 0) {
    return { texts: told, rows: pairs, rivals: rivalsOf(item, () => [[0, 1], [0, 2]]) };
  }
  return {
    texts: [],
    rows: [...told, ...pairs],
    rivals: rivalsOf(item, (metric) =>
      // SugarCrepe's rule knows the first true text alone.
      metric === "acc" ? [[0, 2]] : metric === "tot_acc" ? [[3, 4], [3, 5]] : [[0, 2], [1, 2]]),
  };
}

/** Two pictures, each with its text: Winoground, and COLA, which counts in `acc` alone. */
function readMatching(item: ItemScore): ItemReading {
  const byPicture: Rivals[] = [[0, 1], [3, 2]];
  const byText: Rivals[] = [[0, 2], [3, 1]];
  const isCola = !("text_acc" in item.correct);
  return {
    texts: [],
    rows: withPictures(item, (picture, text) => picture === text),
    rivals: rivalsOf(
      item,
      (metric) =>
        metric === "text_acc"
          ? byPicture
          : metric === "image_acc" || isCola
          ? byText
          : [...byPicture, ...byText],
    ),
  };
}

/** A caption that looks for its picture, or a picture for its captions. */
function readRetrieval(
  item: ItemScore,
  texts: readonly string[],
  rows: readonly string[],
): ItemReading {
  return {
    texts: texts.map((text) => ({ text, truth: true })),
    rows: item.scores.map((_, index) => ({ text: rows[index]!, truth: null })),
    rivals: rivalsOf(item, firstIsTrue(item)),
  };
}

/** What is true stands first: a text among texts, a class among classes, a picture of two. */
function readChoice(item: ItemScore): ItemReading {
  const known = withPictures(item, (picture, text) => picture === 0 && text === 0);
  return {
    texts: [],
    rows: item.scores.map((_, index) =>
      known[index] ?? { text: `score ${index + 1}`, truth: null }
    ),
    rivals: rivalsOf(item, firstIsTrue(item)),
  };
}

/** Each text with each picture. A text alone stands for it with the only picture. */
function withPictures(
  { images = [], texts = [] }: ItemScore,
  isTrue: (picture: number, text: number) => boolean,
): Told[] {
  return images.flatMap((_, picture) =>
    texts.map((text, index) => ({
      text: images.length === 1 ? text : `picture ${picture + 1}: ${text}`,
      truth: isTrue(picture, index),
    }))
  );
}

function firstIsTrue({ scores }: ItemScore): () => Rivals[] {
  return () => scores.slice(1).map((_, index) => [0, index + 1]);
}

function rivalsOf(
  { correct }: ItemScore,
  rule: (metric: string) => readonly Rivals[],
): ItemReading["rivals"] {
  return Object.fromEntries(Object.keys(correct).map((metric) => [metric, rule(metric)]));
}
