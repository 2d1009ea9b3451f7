/**
 * Prepositions, and how often English uses them.
 *
 * @module
 */

import type { Proposal } from "../language/word_proposer.ts";

/**
 * The prepositions that REPLACE draws from, each with its weight: what it would count in a corpus of
 * the size of WordNet's tagged one (248,796 words), at least 1. The frequencies are those of Google
 * Books Ngrams (English, 2018 and 2019), as CLoVe's released code lists them, odd entries ("as",
 * "next", "on side of") included.
 */
export const PREPOSITIONS: readonly Proposal[] = Object.entries({
  aboard: 2,
  above: 48,
  across: 52,
  after: 159,
  against: 98,
  along: 52,
  alongside: 5,
  amid: 2,
  amidst: 1,
  among: 58,
  amongst: 4,
  around: 104,
  as: 1308,
  at: 813,
  atop: 1,
  before: 164,
  behind: 48,
  below: 25,
  beneath: 11,
  beside: 13,
  besides: 5,
  between: 169,
  beyond: 28,
  by: 850,
  down: 164,
  during: 76,
  following: 57,
  for: 1531,
  from: 786,
  in: 3404,
  "in addition to": 4,
  "in front of": 17,
  "in reference to": 1,
  "in regard to": 2,
  "in spite of": 4,
  including: 49,
  inside: 33,
  into: 335,
  like: 261,
  near: 32,
  nearer: 3,
  nearest: 4,
  next: 63,
  of: 6221,
  off: 111,
  on: 1153,
  "on account of": 2,
  "on side of": 1,
  "on the side of": 2,
  "on top of": 4,
  onto: 18,
  opposite: 12,
  out: 364,
  outside: 34,
  over: 217,
  past: 44,
  since: 66,
  through: 186,
  throughout: 18,
  thru: 1,
  till: 17,
  to: 4918,
  toward: 41,
  towards: 32,
  under: 105,
  underneath: 3,
  unlike: 5,
  until: 67,
  unto: 20,
  up: 355,
  upon: 88,
  with: 1342,
  "with regard to": 4,
  within: 79,
  without: 103,
}).map(([word, weight]) => ({ word, weight }));

/** Prepositions of several words, some of which taggers make nouns or adjectives of. */
export const PHRASAL_PREPOSITIONS: readonly (readonly string[])[] = [
  ...PREPOSITIONS.map(({ word }) => word).filter((each) => each.includes(" ")),
  "close to",
  "in the middle of",
  "next to",
].map((each) => each.split(" "));
