/**
 * What the cosines of an item stand for. Benchmarks give those of the first picture with each text,
 * of the second picture with each text, …, then those of pairs of texts.
 *
 * @module
 */
import type { ItemScore } from "../../mod.ts";

/** What each score compares. A text alone stands for it with the only picture. */
export function labelsOf({ images = [], texts = [], scores }: ItemScore): string[] {
  const withPictures = images.flatMap((_, picture) =>
    texts.map((text) => images.length === 1 ? text : `picture ${picture + 1}: ${text}`)
  );
  const pairs = texts.flatMap((_, first) =>
    texts.slice(first + 1).map((_, offset) => `text ${first + 1} with text ${first + offset + 2}`)
  );
  const labels = [...withPictures, ...pairs];
  // Retrieval and classification: what belongs to the item, and what else is nearest.
  const others = scores.length === 2 ? ["its own", "nearest other"] : [];
  return scores.map((_, index) => labels[index] ?? others[index] ?? `score ${index + 1}`);
}

/**
 * By how much what belongs together is nearer than what does not: the least margin that the
 * benchmark's rule asks for.
 */
export function marginOf({ images = [], texts = [], scores }: ItemScore): number {
  const [a = 0, b = 0, c = 0, d = 0] = scores;
  // Two captions and a negative, as in SugarCrepe++: both captions are to be nearer.
  if (images.length === 1 && texts.length === 3 && scores.length === 6) return Math.min(a, b) - c;
  // Two pictures, each with its text, as in Winoground.
  if (images.length === 2 && texts.length === 2 && scores.length === 4) {
    return Math.min(a, d) - Math.max(b, c);
  }
  // What is true comes first.
  return scores.length < 2 ? a : a - Math.max(...scores.slice(1));
}
