/** How {@linkcode splitDescription} goes about it. */
export interface SplitDescriptionOptions {
  /**
   * `"released"` (the default) does what the authors' script does, quirks included. `"strict"` does
   * what the script means to do: full stops inside numbers ("3.5") and names ("U.S.") stay without
   * the space that the script puts behind them, "@" does not become ".", an abbreviation is
   * protected only as a word of its own ("Mar." but not "Omar."), a letter of any alphabet can begin
   * a sentence, and a colon or comma goes with the lead-in before it ("This image displays:").
   */
  readonly preset?: "released" | "strict";
}

/** The ways in which describing models begin, in the order in which the script tries them. */
const LEAD_INS = [
  "The image displays",
  "The image showcases",
  "The image shows",
  "The image is",
  "The image features",
  "The image depicts",
  "The image illustrates",
  "This image displays",
  "This image showcases",
  "This image shows",
  "This image is",
  "This image features",
  "This image depicts",
  "This image illustrates",
  "a digital representation of",
  "This image appears to be",
  "a collection of",
  "a graphic representation of",
  "a screenshot of",
] as const;

/** Abbreviations whose full stop ends no sentence; those that hold others come first. */
const ABBREVIATIONS = [
  ...["et al.", "U. S.", "Sept.", "Prof.", "Corp.", "Blvd.", "Mrs.", "Inc.", "Ltd.", "Jan."],
  ...["Feb.", "Mar.", "Apr.", "Aug.", "Oct.", "Nov.", "Dec.", "Ave.", "Fig.", "etc.", "U.K."],
  ...["U.N.", "U.S.", "Mr.", "Ms.", "Dr.", "Sr.", "Jr.", "St."],
] as const;

/** As Python's `\w+`: letters and numbers of every script, and the underscore. */
const WORDS = /[\p{L}\p{N}_]+/gu;

const AFTER_ABBREVIATION = `(?<!(?<![\\p{L}\\p{N}])(?:${
  ABBREVIATIONS.map((each) => each.slice(0, -1).replaceAll(".", "\\.")).join("|")
}))`;
const SENTENCE_END = new RegExp(`${AFTER_ABBREVIATION}\\.\\s+(?=\\p{Lu})`, "gu");

/**
 * The sentences of a picture's long description, as CLIC prepares PixelProse's RedCaps: the lead-ins
 * at its beginning ("The image shows", "a screenshot of" …) are dropped, it is split at every full
 * stop that white space and a capital follow, abbreviations excepted, and sentences of 4 to 34 words
 * are kept. All but the last come without their full stop (with `"released"` the last one too).
 *
 * CLIC uses only descriptions that give two sentences or more.
 *
 * Source: `assets/create_dataset.py` of the released code.
 *
 * @throws {RangeError} if the preset is not one of the two.
 *
 * @example
 * ```ts
 * import { splitDescription } from "./split_description.ts";
 *
 * const text = "The image shows a red bus on a bridge. Dr. Who stands beside it, smiling. Rain.";
 * const sentences = splitDescription(text);
 * console.assert(sentences.join(" | ") === "a red bus on a bridge | Dr. Who stands beside it, smiling");
 * ```
 */
export function splitDescription(text: string, options: SplitDescriptionOptions = {}): string[] {
  const preset = options.preset ?? "released";
  if (preset !== "released" && preset !== "strict") {
    throw new RangeError(
      `splitDescription.preset: expected "released" or "strict", found "${preset}"`,
    );
  }
  const sentences = preset === "released" ? splitAsReleased(text) : splitStrictly(text);
  return sentences.map((sentence) => sentence.trim()).filter((sentence) => {
    const words = sentence.match(WORDS)?.length ?? 0;
    return words > 3 && words < 35;
  });
}

function splitAsReleased(text: string): string[] {
  const pieces = text.split(".").map((piece) => piece.trim()).filter((piece) => piece !== "");
  if (pieces.length > 0) pieces[0] = dropLeadIns(pieces[0]!, (rest) => rest.trim());
  // "@" stands for a protected full stop, and so every "@" of the text becomes one.
  let joined = pieces.join(". ");
  for (const each of ABBREVIATIONS) joined = joined.replaceAll(each, each.replaceAll(".", "@"));
  return joined.split(/\.\s+(?=[A-Z])/).map((sentence) => sentence.replaceAll("@", "."));
}

function splitStrictly(text: string): string[] {
  return dropLeadIns(text.trim(), (rest) => rest.replace(/^[\s:,]+/, "")).split(SENTENCE_END);
}

/** Each lead-in is tried once, in order, so that one can follow another. */
function dropLeadIns(text: string, tidy: (rest: string) => string): string {
  return LEAD_INS.reduce<string>(
    (rest, leadIn) => rest.startsWith(leadIn) ? tidy(rest.slice(leadIn.length)) : rest,
    text,
  );
}
