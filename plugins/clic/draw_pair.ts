import type { DataSet } from "../../core/dataset.ts";
import type { Random } from "../../core/random.ts";
import type { Tagger } from "../language/tagger.ts";
import { joinSentences } from "./join.ts";
import { swapNounPhrases } from "./noun_phrase.ts";
import { drawPartner, type Orientation } from "./partner.ts";
import { drawPositives } from "./positives.ts";
import { allSwaps, type SwapOptions, swapWords } from "./swap.ts";
import { type TaggedSentence, tagSentence } from "./tagged_sentence.ts";

/** A partner and the texts that it gives. */
export interface Pair {
  /** The partner's index. */
  readonly partner: number;
  /** What the example and its partner are called. */
  readonly ids: readonly [string, string];
  /** As many as the settings say. */
  readonly positives: readonly string[];
  /**
   * As many as the settings say, all of different swaps; `null` where no swap gave a text that
   * differs from every positive, or no more different ones exist.
   */
  readonly negatives: readonly (string | null)[];
}

/** What {@linkcode drawPair} goes by. */
export interface PairSettings extends SwapOptions {
  /** How many positives, at least 2. */
  readonly positives: number;
  /** How many negatives, at least 1. */
  readonly negatives: number;
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
 * Further negatives swap other words of the same two captions. They differ from every positive and
 * from each other with either fallback, and the first one is the same however many are asked for.
 *
 * @throws {PictureError} if the set has no partner of this orientation.
 */
export async function drawPair(
  data: DataSet,
  index: number,
  side: Orientation,
  random: Random,
  settings: PairSettings,
): Promise<Pair> {
  const read = (example: number) => {
    const { id, captions } = data.record(example);
    return { id, captions: captions.map((caption) => caption.toLowerCase()) };
  };
  const { id, captions } = read(index);
  const a = tagSentence(captions[0]!, settings.tagger);

  const draw = async () => {
    const partner = await drawPartner(data, index, side, random, settings);
    const other = read(partner);
    const positives = drawPositives(captions, other.captions, settings.positives, random);
    const ids = [id, other.id] as const;
    return { partner, ids, positives, b: tagSentence(other.captions[0]!, settings.tagger) };
  };
  const join = (swapped: Swapped): string => joinSentences(random.shuffle(swapped));
  const furtherNegatives = (b: TaggedSentence, first: Swapped, known: readonly string[]) => {
    const negatives: string[] = [];
    for (const swapped of allSwaps(a, b, random, settings)) {
      if (negatives.length === settings.negatives - 1) break;
      if (swapped[0] === first[0] && swapped[1] === first[1]) continue;
      const negative = join(swapped);
      if (isNew(negative, [...known, ...negatives])) negatives.push(negative);
    }
    return negatives;
  };
  const pair = (
    { partner, ids, positives, b }: Awaited<ReturnType<typeof draw>>,
    swapped: Swapped | undefined,
    negative: string | null,
  ): Pair => {
    const negatives: (string | null)[] = [negative];
    if (settings.negatives > 1 && swapped !== undefined && negative !== null) {
      negatives.push(...furtherNegatives(b, swapped, [...positives, negative]));
    }
    while (negatives.length < settings.negatives) negatives.push(null);
    return { partner, ids, positives, negatives };
  };

  const drawn = [];
  for (let tries = 0; tries < TRIES; tries++) {
    const one = await draw();
    const swapped = swapWords(a, one.b, random, settings);
    const negative = swapped === undefined ? null : join(swapped);
    if (settings.fallback === "any-token" || isNew(negative, one.positives)) {
      return pair(one, swapped, negative);
    }
    drawn.unshift(one);
  }
  for (const one of drawn) {
    const swapped = swapNounPhrases(a, one.b, random);
    const negative = swapped === undefined ? null : join(swapped);
    if (isNew(negative, one.positives)) return pair(one, swapped, negative);
  }
  return pair(drawn[0]!, undefined, null);
}

type Swapped = readonly [string, string];

/** Whether there is a negative, and a model can tell it from every positive. */
function isNew(negative: string | null, positives: readonly string[]): boolean {
  if (negative === null) return false;
  const own = spaced(negative);
  return !positives.some((positive) => spaced(positive) === own);
}

/** Tokenizers see no difference between one space and many. */
function spaced(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
