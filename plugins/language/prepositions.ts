/** Side by side, which is the same from either side. */
const BESIDE = [
  "adjacent to",
  "alongside",
  "beside",
  "by",
  "close to",
  "near",
  "next to",
] as const;

/** Prepositions that can be said for each other in a caption. */
const ALIKE: readonly (readonly string[])[] = [
  ["above", "over"],
  ["across", "over"],
  ["after", "behind", "following"],
  ["along", "alongside"],
  [...BESIDE, "close", "nearer", "nearest", "next"],
  ["on side of", "on the side of"],
  ["amid", "amidst", "among", "amongst", "between", "in the middle of"],
  ["around", "near"],
  ["as", "like"],
  ["at", "by"],
  ["at", "in"],
  ["at", "on"],
  ["atop", "on", "on top of", "onto", "upon"],
  ["before", "in front of"],
  ["below", "beneath", "under", "underneath"],
  ["besides", "in addition to", "including", "with"],
  ["by", "past"],
  ["during", "in"],
  ["in", "inside", "into", "within"],
  ["in reference to", "in regard to", "with regard to"],
  ["of", "with"],
  ["out", "outside"],
  ["through", "throughout", "thru"],
  ["throughout", "in"],
  ["till", "until"],
  ["to", "toward", "towards", "unto"],
];

const alike = new Map<string, ReadonlySet<string>>();
for (const group of ALIKE) {
  for (const word of group) alike.set(word, new Set([...alike.get(word) ?? [], ...group]));
}

/**
 * Whether two prepositions are one or can be said for each other, as "on" and "upon" can: neither
 * then negates the other.
 *
 * @param one In lower case, its words parted by one space, as `other` is.
 *
 * @example
 * ```ts
 * import { areAlikePrepositions } from "./prepositions.ts";
 *
 * console.assert(areAlikePrepositions("near", "next to"));
 * console.assert(!areAlikePrepositions("under", "on"));
 * ```
 */
export function areAlikePrepositions(one: string, other: string): boolean {
  return one === other || alike.get(one)?.has(other) === true;
}

/** What can stand between two things that may be named in either order. */
const SYMMETRIC = [
  ...BESIDE,
  "along with",
  "and",
  "as well as",
  "in addition to",
  "nor",
  "opposite",
  "or",
  "plus",
  "side by side with",
  "together with",
  "with",
] as const;

const symmetric = new RegExp(`^(?:(?:${SYMMETRIC.join("|")})(?: |$))*$`);

/**
 * Whether words say the same of two things whichever comes first, as "and", "with" and "next to" do.
 * No words at all do.
 *
 * @param words What stands between the two but for articles, in lower case, parted by one space.
 *
 * @example
 * ```ts
 * import { isSymmetricLink } from "./prepositions.ts";
 *
 * console.assert(isSymmetricLink("next to"));
 * console.assert(!isSymmetricLink("on top of"));
 * ```
 */
export function isSymmetricLink(words: string): boolean {
  return symmetric.test(words);
}
