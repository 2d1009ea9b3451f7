import { dotRows } from "../../../core/scoring/rows.ts";
import { embedDistinctTexts } from "../../../core/scoring/embed_texts.ts";
import type { Encoder, Evaluation, ItemScore } from "../../../core/evaluator.ts";
import type { PictureError } from "../../../core/images/picture_error.ts";
import type { Raster } from "../../../core/images/raster.ts";
import type { BenchmarkRule } from "../../../core/scoring/rules.ts";
import { summarizeItems } from "../../../core/scoring/summarize.ts";
import type { BenchmarkItem, PictureReference } from "./benchmark_item.ts";
import { embedPictures } from "./embed_pictures.ts";

/** What an encoder made of the pictures and texts of items. */
export interface EmbeddedItems {
  /** The files that cannot be decoded; items with them have no scores. */
  readonly broken: ReadonlySet<string>;
  /** The item's cosines, in the order that a {@linkcode BenchmarkRule} is given them. */
  scores(item: BenchmarkItem): number[];
}

/** Where the pictures of items are. */
export interface PictureReader {
  /** The picture, decoded. */
  read(picture: PictureReference): Promise<Raster>;
  /** Names what it shows, as `pictureKey` does; without it nothing is kept of the picture. */
  readonly key?: (picture: PictureReference) => Promise<string>;
}

/**
 * Embeds the pictures and texts of items, each different one once.
 *
 * @param onBroken Hears of pictures that cannot be decoded; without it they are errors.
 */
export async function embedItems(
  encoder: Encoder,
  items: readonly BenchmarkItem[],
  reader: PictureReader,
  onBroken?: (error: PictureError) => void,
): Promise<EmbeddedItems> {
  const { dim } = encoder;
  const pictures = new Map<string, PictureReference>();
  for (const picture of items.flatMap(({ images }) => images)) {
    pictures.set(keyOf(picture), picture);
  }
  const distinct = [...pictures.values()];
  const { rows: images, kept, broken } = await embedPictures(encoder, {
    count: distinct.length,
    read: (index) => reader.read(distinct[index]!),
    key: reader.key && ((index) => reader.key!(distinct[index]!)),
    name: (index) => distinct[index]!.file,
  }, onBroken);
  const imageRows = new Map(kept.map((index, row) => [keyOf(distinct[index]!), row]));
  const { rows, rowOf } = await embedDistinctTexts(encoder, eachText(items));
  return {
    broken: new Set(broken.map((index) => distinct[index]!.file)),
    scores(item) {
      const texts = item.texts.map((text) => rowOf.get(text)!);
      const withImages = item.images.flatMap((picture) => {
        const row = imageRows.get(keyOf(picture))!;
        return texts.map((text) => dotRows(images, row, rows, text, dim));
      });
      const pairs = (item.textPairs ?? []).map(([a, b]) =>
        dotRows(rows, texts[a]!, rows, texts[b]!, dim)
      );
      return [...withImages, ...pairs];
    },
  };
}

/**
 * The evaluation of a subset's items by a rule, with what chance comes to, as far as the rule tells it.
 *
 * @throws {RangeError} if there are no items.
 */
export function scoreSubset(
  labels: Parameters<typeof summarizeItems>[0],
  items: readonly BenchmarkItem[],
  embedded: EmbeddedItems,
  rule: BenchmarkRule,
): Evaluation {
  const itemScores = items.map((item) => scoreItem(item, embedded, rule));
  return summarizeItems(labels, itemScores, standardsOf(rule, items, itemScores));
}

/** What the scores of items are to be compared with, as far as the rule tells it. */
function standardsOf(
  { chance, wordBag }: BenchmarkRule,
  items: readonly BenchmarkItem[],
  scored: readonly ItemScore[],
): Parameters<typeof summarizeItems>[2] {
  const choosesText = items.every(({ images, texts }) => images.length === 1 && texts.length > 1);
  return {
    ...(chance === undefined ? {} : { chance: scored.map(({ scores }) => chance(scores.length)) }),
    ...(wordBag === undefined || !choosesText
      ? {}
      : { wordBag: items.map(({ texts }) => wordBag(texts)) }),
  };
}

/** What an item came to by a rule. */
function scoreItem(
  item: BenchmarkItem,
  embedded: EmbeddedItems,
  rule: BenchmarkRule,
): ItemScore {
  const { id, images, texts, group } = item;
  const scores = embedded.scores(item);
  return {
    id,
    ...(images.length === 0 ? {} : { images: images.map(({ file }) => file) }),
    texts,
    scores,
    correct: rule(scores),
    ...(group === undefined ? {} : { group }),
  };
}

function* eachText(items: readonly BenchmarkItem[]): Generator<string> {
  for (const { texts } of items) yield* texts;
}

function keyOf({ file, box }: PictureReference): string {
  return box === undefined
    ? file
    : `${file}\u0000${box.left},${box.top},${box.width},${box.height}`;
}
