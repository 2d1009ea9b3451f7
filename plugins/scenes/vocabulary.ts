/**
 * The words of the world and what they stand for. They are ordinary English, chosen so that a
 * part-of-speech tagger finds adjectives and nouns where a reader does ("square" is a "box" here,
 * because taggers take "a red square" for two adjectives), and none begins with a vowel, so that
 * exchanging two of them never turns "a" into "an" and a swap stays a permutation of the words.
 *
 * @module
 */

/** The shapes of the world. */
export const SHAPES = [
  "circle",
  "box",
  "triangle",
  "star",
  "cross",
  "ring",
  "heart",
  "diamond",
] as const;

/** The colours that objects have. */
export const COLOURS = [
  "red",
  "green",
  "blue",
  "yellow",
  "purple",
  "pink",
  "brown",
  "white",
] as const;

/** The sizes that objects have. */
export const SIZES = ["large", "small"] as const;

/** The patterns that objects are filled with. */
export const PATTERNS = ["solid", "striped", "speckled"] as const;

/** The colours of the ground behind the objects; no object has one of them. */
export const BACKGROUNDS = ["gray", "black"] as const;

/** Where one object can be, seen from another. */
export const RELATIONS = ["left", "right", "above", "below"] as const;

/** The rows and sides of a picture's central square. */
const [ROWS, SIDES] = [["top", "bottom"], ["left", "right"]] as const;

/** Where in the picture an object can be: the halves of its central square. */
export const PLACES = [...ROWS, ...SIDES] as const;

/** One of {@linkcode SHAPES}. */
export type Shape = typeof SHAPES[number];
/** One of {@linkcode COLOURS}. */
export type Colour = typeof COLOURS[number];
/** One of {@linkcode SIZES}. */
export type Size = typeof SIZES[number];
/** One of {@linkcode PATTERNS}. */
export type Pattern = typeof PATTERNS[number];
/** One of {@linkcode BACKGROUNDS}. */
export type Background = typeof BACKGROUNDS[number];
/** One of {@linkcode RELATIONS}. */
export type Relation = typeof RELATIONS[number];

/** A row of the picture. */
export type Row = typeof ROWS[number];
/** A side of it. */
export type Side = typeof SIDES[number];
/** One of {@linkcode PLACES}. */
export type Place = typeof PLACES[number];

/** What can be said in more than one word. */
export type Concept = Shape | Colour | Size | Pattern | Background;

/** The words for each concept; the first is the usual one. */
export const WORDS: Readonly<Record<Concept, readonly string[]>> = {
  circle: ["circle", "disc"],
  box: ["box", "block"],
  triangle: ["triangle"],
  star: ["star"],
  cross: ["cross"],
  ring: ["ring", "hoop"],
  heart: ["heart"],
  diamond: ["diamond", "rhombus"],
  red: ["red"],
  green: ["green"],
  blue: ["blue"],
  yellow: ["yellow"],
  purple: ["purple"],
  pink: ["pink"],
  brown: ["brown"],
  white: ["white"],
  large: ["large", "big"],
  small: ["small", "tiny"],
  solid: ["solid", "plain"],
  striped: ["striped", "stripy"],
  speckled: ["speckled", "spotty"],
  gray: ["gray", "grey"],
  black: ["black"],
};

/** The phrases for each relation; the same place in each list says the same in the same style. */
export const RELATION_PHRASES: Readonly<Record<Relation, readonly string[]>> = {
  left: ["to the left of", "on the left of", "left of"],
  right: ["to the right of", "on the right of", "right of"],
  above: ["above", "higher than", "over"],
  below: ["below", "lower than", "under"],
};

/** The relation as it is seen from the other object. */
export const OPPOSITE: Readonly<Record<Relation, Relation>> = {
  left: "right",
  right: "left",
  above: "below",
  below: "above",
};

/** What a sentence may open with. */
export const LEADS = [
  "",
  "there is",
  "you can see",
  "the picture shows",
  "a picture of",
  "the image contains",
] as const;

/** The ways to say what the ground is like, with `_` for its colour. */
export const BACKGROUND_PHRASES = [
  "on a _ background",
  "in front of a _ background",
  "against a _ background",
] as const;

/** How it is said where in the picture an object is. */
export const PLACE_PHRASES: Readonly<Record<Place, string>> = {
  top: "at the top",
  bottom: "at the bottom",
  left: "on the left",
  right: "on the right",
};

/** How it is said how many objects there are, from one to three. */
export const COUNT_PHRASES = ["one object", "two objects", "three objects"] as const;

/** The ways to deny that something is there, with `_` for its name without an article. */
export const DENIALS = ["and no _", "without a _", "but not a _"] as const;

/** What an object shows beside its place. */
export type Feature = Exclude<Concept, Background>;

/**
 * A feature and the corner that it is seen in, as one word: "topleftstar". Such words are labels, as a
 * detector's boxes would be, written as text: what is where is said by them without any order.
 */
export function labelOf(feature: Feature, row: Row, side: Side): string {
  return `${row}${side}${feature}`;
}

const FEATURES: readonly Feature[] = [...SHAPES, ...COLOURS, ...SIZES, ...PATTERNS];

/**
 * The tiny CLIP's vocabulary, sorted: the words and marks of the sentences that it was trained on.
 * Numbers, denials and some places, which benchmarks alone tell of, are not among them.
 */
export function sceneVocabulary(): string[] {
  return wordsOf([
    ...Object.values(WORDS).flat(),
    ...Object.values(RELATION_PHRASES).flat(),
    ...LEADS,
    ...BACKGROUND_PHRASES,
    "a and is together with there",
    ". ,",
  ]);
}

/** As {@linkcode sceneVocabulary}, with places in the picture, numbers, denials and labels. */
export function widerVocabulary(): string[] {
  const labels = ROWS.flatMap((row) =>
    SIDES.flatMap((side) => FEATURES.map((feature) => labelOf(feature, row, side)))
  );
  return wordsOf([
    ...sceneVocabulary(),
    ...Object.values(PLACE_PHRASES),
    ...COUNT_PHRASES,
    ...DENIALS,
    "are",
    ...labels,
  ]);
}

function wordsOf(phrases: readonly string[]): string[] {
  const words = phrases.flatMap((phrase) => phrase.split(" "))
    .filter((word) => word !== "" && word !== "_");
  return [...new Set(words)].sort();
}
