import { expect } from "expect";
import type { Context } from "../../../core/context.ts";
import type { Encoder } from "../../../core/evaluator.ts";
import type { Raster } from "../../../core/images/raster.ts";
import { choiceItem } from "../../../plugins/scenes/choices.ts";
import { drawItemPicture } from "../../../plugins/scenes/draw_item_picture.ts";
import { scenesChoices, scenesMatches } from "../../../plugins/scenes/items_benchmark.ts";
import { matchItem } from "../../../plugins/scenes/matches.ts";

const context = {} as Context; // nothing of it is used: the world needs no files
const ITEMS = 30;

/** Every picture is (1, 0); a text is at the angle that `angle` gives it. */
const encoderOf = (angle: (text: string) => number): Encoder => ({
  dim: 2,
  images: async (count, picture) => {
    for (let index = 0; index < count; index++) await picture(index);
    return Float32Array.from({ length: 2 * count }, (_, i) => i % 2 === 0 ? 1 : 0);
  },
  texts: (texts) =>
    Promise.resolve(Float32Array.from(
      texts.flatMap((text) => [Math.cos(angle(text)), Math.sin(angle(text))]),
    )),
});

Deno.test("scenesChoices: the true text must be nearer than every other, a tie is wrong", async () => {
  const blind = await scenesChoices({ items: ITEMS, seed: 1 })
    .evaluate(encoderOf(() => 0.5), context);
  expect(blind.map(({ dataset, metrics, chance }) => [dataset, metrics.acc, chance!.acc])).toEqual([
    ["scenes/counting", 0, 1 / 3],
    ["scenes/negation", 0, 1 / 3],
    ["scenes/position", 0, 1 / 4],
    ["scenes/relation", 0, 1 / 4],
  ]);
  // Of its first two texts, which have the same words, a bag of words can only draw.
  expect(blind[1]!.wordBag).toEqual({ acc: 1 / 2 });

  // "one" is nearest, then "three": right where there is one object.
  const ones = await scenesChoices({ items: ITEMS, seed: 1 }).evaluate(
    encoderOf((text) => / one /.test(text) ? 0.1 : / three /.test(text) ? 0.2 : 0.3),
    context,
  );
  const single = Array.from({ length: ITEMS }, (_, index) => choiceItem("counting", 1, index))
    .filter(({ scene }) => scene.objects.length === 1).length;
  expect(single).toBeGreaterThan(0);
  expect(ones[0]!.metrics.acc).toBe(single / ITEMS);
});

Deno.test("scenesMatches: pictures that look the same have no image score, texts may have one", async () => {
  // The cosines of either picture are 1 with the alphabetically first text and cos 0.5 with the other:
  // one picture chooses its own text, the other does not, and both texts tie between the pictures.
  const { texts } = matchItem("match_rel", 1, 0);
  expect(texts[0]).not.toBe(texts[1]);
  const same = await scenesMatches({ items: ITEMS, seed: 1 })
    .evaluate(encoderOf((text) => text.length / 100), context);
  for (const { metrics, chance } of same) {
    expect(metrics).toEqual({ text_acc: 0, image_acc: 0, acc: 0 });
    expect(chance).toEqual({ text_acc: 1 / 4, image_acc: 1 / 4, acc: 1 / 6 });
  }
});

Deno.test("scenesMatches: whoever sees all is right in all, and pictures come again by name", async () => {
  const items = Array.from({ length: ITEMS }, (_, index) => matchItem("match_place", 5, index));
  // An encoder that knows the items: each has a direction of its own for picture and text.
  const drawn: Raster[] = [];
  const dim = 2 * ITEMS;
  const oneHot = (place: number) => Array.from({ length: dim }, (_, at) => Number(at === place));
  const names = items.flatMap((_, index) => [
    `scenes/match_place/seed-5/${index}`,
    `scenes/match_place/seed-5/${index}/1`,
  ]);
  const pictures = names.map((name) => JSON.stringify([...drawItemPicture(name, 16)!.data]));
  expect(new Set(pictures).size).toBe(dim);
  const encoder: Encoder = {
    dim,
    images: async (count, picture) => {
      const rows: number[] = [];
      for (let index = 0; index < count; index++) {
        const raster = await picture(index);
        drawn.push(raster);
        const at = pictures.indexOf(JSON.stringify([...raster.data]));
        rows.push(...oneHot(Math.max(at, 0)));
      }
      return Float32Array.from(rows);
    },
    texts: (texts) =>
      Promise.resolve(Float32Array.from(texts.flatMap((text) => {
        const own = items.flatMap((item, index) =>
          item.texts.flatMap((each, at) => each === text ? [2 * index + at] : [])
        );
        return own.length === 0
          ? oneHot(0)
          : oneHot(own[0]!).map((_, at) => Number(own.includes(at)) / Math.sqrt(own.length));
      }))),
  };
  const [, place] = await scenesMatches({ items: ITEMS, seed: 5, size: 16 })
    .evaluate(encoder, context);
  expect(place!.dataset).toBe("scenes/match_place");
  expect(place!.metrics).toEqual({ text_acc: 1, image_acc: 1, acc: 1 });
  expect(place!.itemScores![3]).toMatchObject({
    id: "3",
    images: names.slice(6, 8),
    texts: items[3]!.texts,
  });
  expect(drawn).toHaveLength(6 * ITEMS);
});
