import type { BenchmarkRule } from "../../core/scoring/rules.ts";
import { matchPairs, selectTrueText } from "../../core/scoring/rules.ts";
import type { Evaluator } from "../../core/evaluator.ts";
import type { BenchmarkItem } from "../benchmarks/harness/benchmark_item.ts";
import { embedItems, scoreSubset } from "../benchmarks/harness/score_items.ts";
import { defineScenesBenchmark, type ScenesBenchmarkOptions } from "./benchmark.ts";
import { CHOICE_KINDS, choiceItem } from "./choices.ts";
import { itemPictureName } from "./item_picture_name.ts";
import { MATCH_KINDS, matchItem } from "./matches.ts";
import { renderScene } from "./render.ts";
import type { Scene } from "./scene.ts";

/**
 * One picture, several texts: `scenes/counting` (three), `scenes/negation` (three),
 * `scenes/position` (four) and `scenes/relation` (four). `acc` counts pictures that are nearer to the
 * true text than to every other; a tie is wrong. Chance is 1 of the number of texts.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { scenesChoices } from "@syntagma/syntagma/scenes";
 *
 * console.assert(scenesChoices({ items: 500, seed: 1 }).name === "scenesChoices");
 * ```
 */
export const scenesChoices: (options: ScenesBenchmarkOptions) => Evaluator = itemsBenchmark(
  "scenesChoices",
  CHOICE_KINDS,
  selectTrueText,
  (kind, seed, index) => {
    const { scene, texts } = choiceItem(kind, seed, index);
    return { scenes: [scene], texts };
  },
);

/**
 * Two pictures and two texts, as Winoground has them, on pictures of the same objects:
 * `scenes/match_att` (colours exchanged), `scenes/match_place` and `scenes/match_rel` (places
 * exchanged; told of one object's place, of both objects' relation). `text_acc` asks that each picture
 * is nearer to its own text, `image_acc` that each text is nearer to its own picture, `acc` (the group
 * score) both. Ties are wrong; chance is 1/4, 1/4 and 1/6.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { scenesMatches } from "@syntagma/syntagma/scenes";
 *
 * console.assert(scenesMatches({ items: 500, seed: 1 }).name === "scenesMatches");
 * ```
 */
export const scenesMatches: (options: ScenesBenchmarkOptions) => Evaluator = itemsBenchmark(
  "scenesMatches",
  MATCH_KINDS,
  matchPairs,
  matchItem,
);

/** What an item compares: every scene with every text. */
interface SceneItem {
  readonly scenes: readonly Scene[];
  readonly texts: readonly string[];
}

function itemsBenchmark<Kind extends string>(
  name: string,
  kinds: readonly Kind[],
  rule: BenchmarkRule,
  itemOf: (kind: Kind, seed: number, index: number) => SceneItem,
): (options: ScenesBenchmarkOptions) => Evaluator {
  return defineScenesBenchmark(name, 100_000, async (encoder, { items, seed, size }) => {
    const scenes = new Map<string, Scene>();
    const subsets = kinds.map((kind) => {
      const dataset = `scenes/${kind}`;
      const own = Array.from({ length: items }, (_, index): BenchmarkItem => {
        const item = itemOf(kind, seed, index);
        const images = item.scenes.map((scene, picture) => {
          const file = itemPictureName(dataset, seed, index, picture);
          scenes.set(file, scene);
          return { file };
        });
        return { id: `${index}`, images, texts: item.texts };
      });
      return { dataset, items: own };
    });
    const embedded = await embedItems(encoder, subsets.flatMap(({ items }) => items), {
      read: ({ file }) => Promise.resolve(renderScene(scenes.get(file)!, size)),
    });
    const labels = { task: "image_caption_selection", headline: "acc" };
    return subsets.map(({ dataset, items }) =>
      scoreSubset({ dataset, ...labels }, items, embedded, rule)
    );
  });
}
