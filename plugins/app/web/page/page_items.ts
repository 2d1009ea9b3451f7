import { dotRows } from "../../../../core/scoring/rows.ts";
import type { Encoder } from "../../../../core/evaluator.ts";
import type { Raster } from "../../../../core/images/raster.ts";
import { compositionalItem } from "../../../scenes/compositional.ts";
import { renderScene } from "../../../scenes/render.ts";

/** A scene with a caption that is true of it and one that is not, in the same words. */
export interface PageItem {
  readonly picture: Raster;
  readonly caption: string;
  readonly negative: string;
}

/** Another one than the benchmark's and the training's. */
const SEED = 3;

/** Pixels of the shorter side: that of the model, times as many as a picture is shown larger. */
const SIZE = 48;

/**
 * An item: two objects have changed over an attribute in the negative.
 *
 * @param scale How many times larger the picture is drawn than the model sees it. Default 1.
 */
export function pageItem(index: number, scale: number = 1): PageItem {
  const { scene, caption, negative } = compositionalItem("swap_att", SEED, index);
  return { picture: renderScene(scene, SIZE * scale), caption, negative };
}

/** Of each item, whether the caption is nearer to its picture than the negative. */
export async function scoreItems(
  encoder: Encoder,
  items: readonly PageItem[],
): Promise<boolean[]> {
  const { dim } = encoder;
  const images = await encoder.images(
    items.length,
    (index) => Promise.resolve(items[index]!.picture),
  );
  const texts = await encoder.texts(items.flatMap(({ caption, negative }) => [caption, negative]));
  return items.map((_, index) => {
    const cosine = (row: number) => dotRows(images, index, texts, row, dim);
    return cosine(2 * index) > cosine(2 * index + 1);
  });
}
