import type { DataSet, Random } from "../../mod.ts";
import type { Tagger } from "../language/mod.ts";
import { joinSentences } from "./join.ts";
import { swapNounPhrases } from "./noun_phrase.ts";
import { drawPartner, type Orientation } from "./partner.ts";
import { drawPositives } from "./positives.ts";
import { type SwapOptions, swapWords } from "./swap.ts";
import { tagSentence } from "./tagged_sentence.ts";

/** A partner and the texts that it gives. */
export interface Pair {
  /** The partner's index. */
  readonly partner: number;
  /** As many as the settings say. */
  readonly positives: readonly string[];
  /** `null` where no swap gave a text that differs from every positive. */
  readonly negative: string | null;
}

/** What {@linkcode drawPair} goes by. */
export interface PairSettings extends SwapOptions {
  /** How many positives, at least 2. */
  readonly positives: number;
  /** Whether an example may be its own partner. */
  readonly selfPairing: boolean;
  /** Finds words and their parts of speech. */
  readonly tagger: Tagger;
}

/** How many partners are drawn before a noun phrase is swapped. */
const TRIES = 10;

/**
 * A partner for example `index`, and the pair's texts, in lower case.
 *
 * With the fallback `"redraw"` the negative never equals a positive: partners are drawn until one
 * gives such a negative, at most 10; then noun phrases are swapped, with the last partner first.
 *
 * @throws {ImageError} if the set has no partner of this orientation.
 */
export async function drawPair(
  data: DataSet,
  index: number,
  side: Orientation,
  random: Random,
  settings: PairSettings,
): Promise<Pair> {
  const captionsOf = (example: number) =>
    data.record(example).captions.map((caption) => caption.toLowerCase());
  const captions = captionsOf(index);
  const a = tagSentence(captions[0]!, settings.tagger);

  const draw = async () => {
    const partner = await drawPartner(data, index, side, random, settings);
    const others = captionsOf(partner);
    const positives = drawPositives(captions, others, settings.positives, random);
    return { partner, positives, b: tagSentence(others[0]!, settings.tagger) };
  };
  const negativeOf = (swapped: readonly string[] | undefined): string | null =>
    swapped === undefined ? null : joinSentences(random.shuffle(swapped));

  const drawn = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const { partner, positives, b } = await draw();
    const negative = negativeOf(swapWords(a, b, random, settings));
    if (settings.fallback === "any-token" || isNew(negative, positives)) {
      return { partner, positives, negative };
    }
    drawn.unshift({ partner, positives, b });
  }
  for (const { partner, positives, b } of drawn) {
    const negative = negativeOf(swapNounPhrases(a, b, random));
    if (isNew(negative, positives)) return { partner, positives, negative };
  }
  const { partner, positives } = drawn[0]!;
  return { partner, positives, negative: null };
}

/** Whether there is a negative, and a model can tell it from every positive. */
function isNew(negative: string | null, positives: readonly string[]): boolean {
  return negative !== null &&
    !positives.some((positive) => spaced(positive) === spaced(negative));
}

/** Tokenizers see no difference between one space and many. */
function spaced(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
