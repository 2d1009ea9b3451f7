/**
 * The candidate that a mistyped word most likely meant: the one with the smallest Levenshtein
 * distance, if that is at most a third of the longer word's length (but always allowing two edits).
 *
 * @example
 * ```ts
 * import { nearest } from "./nearest.ts";
 *
 * console.assert(nearest("optimiser", ["optimizer", "schedule"]) === "optimizer");
 * ```
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const meant = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const allowed = Math.max(2, Math.floor(Math.max(meant.length, known.length) / 3));
    // Each letter that one has more is an edit.
    if (Math.abs(meant.length - known.length) > allowed) continue;
    const distance = editDistance(meant, known);
    if (distance <= allowed && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A name without what does not tell names apart: case, `_` and `-`. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, "");
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(substitution, previous[j]! + 1, row[j - 1]! + 1));
    }
    previous = row;
  }
  return previous[b.length]!;
}
