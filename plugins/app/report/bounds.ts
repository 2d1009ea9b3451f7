/**
 * Between which scores a benchmark tells anything: what guessing reaches, and what a model reaches
 * that sees which words a text has but not their order.
 *
 * @module
 */
import type { Evaluation, ItemScore } from "../../../core/evaluator.ts";
import { wordsOf } from "../../../core/scoring/words_of.ts";
import { type ItemValue, strataOf, type Stratum } from "../results/strata.ts";
import { readItem, type Rivals } from "./item_scores.ts";

/** Between what a score tells something; each is undefined where the items do not say it. */
export interface Bounds {
  /** What is expected of embeddings that know nothing, in [0, 1]. */
  readonly chance: number | undefined;
  /**
   * What a bag of words reaches at most: two texts of the same words are a tie for it, which is
   * counted as a coin's throw. Undefined too where nothing is beyond it.
   */
  readonly words: number | undefined;
}

/** The bounds of a metric by the items that it is made of. */
export function boundsOf(
  evaluation: Evaluation,
  metric: string,
  all: readonly Evaluation[],
): Bounds {
  const mean = (value: ItemValue) => meanOf(strataOf(evaluation, metric, all, value));
  // What the benchmark itself told; results of other tools and of earlier versions do not.
  const words = evaluation.wordBag?.[metric] ?? mean(wordsValue);
  return {
    chance: evaluation.chance?.[metric] ?? mean(chanceValue),
    words: words === undefined || words > 1 - 1e-9 ? undefined : words,
  };
}

/** Undefined unless every item of every stratum has a value. */
function meanOf(strata: readonly Stratum[] | undefined): number | undefined {
  if (strata === undefined) return undefined;
  let mean = 0;
  for (const { weight, values } of strata) {
    let sum = 0;
    for (const value of values.values()) sum += value;
    mean += weight * sum / values.size;
  }
  return Number.isFinite(mean) ? mean : undefined;
}

/** What guessing expects of an item; NaN where the item does not say it. */
const chanceValue: ItemValue = (item, metric, evaluation) => {
  if (item.correct[metric] === undefined) return undefined;
  const recall = /^(image|text)_retrieval_recall@(\d+)$/.exec(metric);
  if (recall !== null) return recallByChance(item, recall[1]!, Number(recall[2]), evaluation);
  const place = /^(?:lp_)?acc([15])$/.exec(metric)?.[1];
  if (place !== undefined && item.group !== undefined) {
    return Number(place) / galleryOf(evaluation).classes;
  }
  return orderByChance(readItem(item).rivals[metric] ?? []);
};

/** One of an item's own among the first `k` of the gallery, all orders being as likely. */
function recallByChance(
  { images: [image = ""] = [] }: ItemScore,
  way: string,
  k: number,
  evaluation: Evaluation,
): number {
  const { pictures, texts, own } = galleryOf(evaluation);
  if (way === "image") return Math.min(1, k / pictures);
  let missed = 1;
  for (let place = 0; place < k; place++) {
    missed *= Math.max(0, texts - (own.get(image) ?? 1) - place) / Math.max(1, texts - place);
  }
  return 1 - missed;
}

interface Gallery {
  readonly pictures: number;
  readonly texts: number;
  /** How many texts each picture has. */
  readonly own: ReadonlyMap<string, number>;
  readonly classes: number;
}

const galleries = new WeakMap<Evaluation, Gallery>();

function galleryOf(evaluation: Evaluation): Gallery {
  const known = galleries.get(evaluation);
  if (known !== undefined) return known;
  const items = evaluation.itemScores ?? [];
  const own = new Map<string, number>();
  let texts = 0;
  for (const { images: [image] = [], texts: [text] = [] } of items) {
    if (image === undefined) continue;
    own.set(image, (own.get(image) ?? 0) + Number(text !== undefined));
    texts += Number(text !== undefined);
  }
  const classes = new Set(items.map(({ group }) => group)).size;
  const gallery = { pictures: own.size, texts, own, classes };
  galleries.set(evaluation, gallery);
  return gallery;
}

/** The share of all orders of the scores in which each own one is above its other one. */
export function orderByChance(rivals: readonly Rivals[]): number {
  const [first] = rivals;
  if (first === undefined) return NaN;
  // One against all others.
  if (rivals.every(([own]) => own === first[0])) return 1 / (rivals.length + 1);
  const places = [...new Set(rivals.flat())];
  // Eight scores have 40,320 orders.
  if (places.length > 8) return NaN;
  return countOrders(places, rivals) / factorial(places.length);
}

/** In how many orders, from the greatest down, nobody stands before whom it has to be below. */
function countOrders(left: readonly number[], rivals: readonly Rivals[]): number {
  if (left.length === 0) return 1;
  return left
    .filter((place) => !rivals.some(([own, other]) => other === place && left.includes(own)))
    .reduce((sum, place) => sum + countOrders(left.filter((each) => each !== place), rivals), 0);
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}

/** What a bag of words reaches on an item of one picture and several texts; NaN for others. */
const wordsValue: ItemValue = (item, metric) => {
  if (item.correct[metric] === undefined) return undefined;
  const { images = [], texts = [] } = item;
  const rivals = readItem(item).rivals[metric] ?? [];
  if (images.length !== 1 || texts.length < 2 || rivals.length === 0) return NaN;
  // Beyond the texts stand pairs of texts.
  if (rivals.flat().some((place) => place >= texts.length)) return NaN;
  const bags = texts.map(wordsOf);
  const tied = new Set(
    rivals.filter(([own, other]) => bags[own] === bags[other]).map(([, other]) => other),
  );
  return 1 / (1 + tied.size);
};
