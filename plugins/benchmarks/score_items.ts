import { dotRows, embedDistinctTexts } from "../../core/evaluation/mod.ts";
import type { Encoder, ItemScore, Raster } from "../../mod.ts";
import type { BenchmarkItem, BenchmarkRule, PictureReference } from "./benchmark_item.ts";

/** What an encoder made of the pictures and texts of items. */
export interface EmbeddedItems {
  /** The item's cosines, in the order that a {@linkcode BenchmarkRule} is given them. */
  scores(item: BenchmarkItem): number[];
}

/** Where the pictures of items are. */
export interface PictureReader {
  /** The picture, decoded. */
  read(picture: PictureReference): Promise<Raster>;
  /** Names what it shows, as `pictureKey` does. */
  key(picture: PictureReference): Promise<string>;
}

/** Embeds the pictures and texts of items, each different one once. */
export async function embedItems(
  encoder: Encoder,
  items: readonly BenchmarkItem[],
  reader: PictureReader,
): Promise<EmbeddedItems> {
  const { dim } = encoder;
  const pictures = new Map<string, { readonly row: number; readonly picture: PictureReference }>();
  for (const picture of items.flatMap(({ images }) => images)) {
    const key = keyOf(picture);
    if (!pictures.has(key)) pictures.set(key, { row: pictures.size, picture });
  }
  const distinct = [...pictures.values()];
  const images = await encoder.images(
    distinct.length,
    (index) => reader.read(distinct[index]!.picture),
    (index) => reader.key(distinct[index]!.picture),
  );
  const { rows, rowOf } = await embedDistinctTexts(encoder, eachText(items));
  return {
    scores(item) {
      const texts = item.texts.map((text) => rowOf.get(text)!);
      const withImages = item.images.flatMap((picture) => {
        const { row } = pictures.get(keyOf(picture))!;
        return texts.map((text) => dotRows(images, row, rows, text, dim));
      });
      const pairs = (item.textPairs ?? []).map(([a, b]) =>
        dotRows(rows, texts[a]!, rows, texts[b]!, dim)
      );
      return [...withImages, ...pairs];
    },
  };
}

/** What an item came to by a rule. */
export function scoreItem(
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
