import { embedTexts } from "../../core/scoring/embed_texts.ts";
import { applyOperation } from "../../core/images/operation.ts";
import { createRandom, type Random } from "../../core/random.ts";
import type { Encoder, Evaluation, Evaluator } from "../../core/evaluator.ts";
import type { Raster } from "../../core/images/raster.ts";
import { concatenate, halfOf } from "../clic/concatenate.ts";
import { joinSentences } from "../clic/join.ts";
import { defineScenesBenchmark, type ScenesBenchmarkOptions } from "./benchmark.ts";
import { renderScene } from "./render.ts";
import { drawScene, type Scene } from "./scene.ts";
import { selectionEvaluation } from "./selection_evaluation.ts";
import { mainStatement } from "./sentences.ts";
import { isFalse, type Statement } from "./statement.ts";
import { drawWording, say } from "./wording.ts";

/** What changes places between the two scenes of a pair. */
export const PAIR_SWAPS = ["pair_swap_att", "pair_swap_obj"] as const;

/** One of {@linkcode PAIR_SWAPS}. */
export type PairSwap = typeof PAIR_SWAPS[number];

/** Two scenes in one picture, two ways to say what they show, and a swap between them. */
export interface PairFoil {
  /** Both of one orientation, in the order in which they stand in the picture. */
  readonly scenes: readonly [Scene, Scene];
  /** A sentence about each scene. */
  readonly caption: string;
  /** The same in other words and the other order. */
  readonly caption2: string;
  /** The caption with a colour (or a shape) of one scene and one of the other changed over. */
  readonly negative: string;
}

/**
 * The benchmark of what CLIC trains on, on scenes that it has not seen: two scenes in one picture
 * and a word of each caption changed over with one of the other. Scores as
 * {@linkcode scenesCompositional}; the negative has the caption's words, in other places.
 *
 * @throws {RangeError} if an option is unknown or out of range.
 *
 * @example
 * ```ts
 * import { scenesPairs } from "@syntagma/syntagma/scenes";
 *
 * console.assert(scenesPairs({ items: 500, seed: 1 }).name === "scenesPairs");
 * ```
 */
export const scenesPairs: (options: ScenesBenchmarkOptions) => Evaluator = defineScenesBenchmark(
  "scenesPairs",
  100_000,
  evaluate,
);

/** An item of the benchmark, drawn at random: caption and caption2 are true, the negative is not. */
export function drawPairFoil(swap: PairSwap, random: Random): PairFoil {
  while (true) {
    const first = drawScene(random);
    const second = drawScene(random);
    if (first.orientation !== second.orientation) continue;
    const told = [mainStatement(first, random), mainStatement(second, random)] as const;
    const changed = changeOver(swap, told, random);
    // The picture shows both scenes: neither sentence may become true of the other one.
    if (!changed.every((said) => isFalse(said, first) && isFalse(said, second))) continue;
    const [wording, other] = [drawWording(random), drawWording(random)];
    return {
      scenes: random.coin() ? [first, second] : [second, first],
      caption: joinSentences(told.map((said) => say(said, wording))),
      caption2: joinSentences(told.map((said) => say(said, other)).toReversed()),
      negative: joinSentences(changed.map((said) => say(said, wording))),
    };
  }
}

function changeOver(
  swap: PairSwap,
  [first, second]: readonly [Statement, Statement],
  random: Random,
): readonly [Statement, Statement] {
  const [i, j] = [random.integer(first.things.length), random.integer(second.things.length)];
  const [a, b] = [first.things[i]!, second.things[j]!];
  const [newA, newB] = swap === "pair_swap_obj"
    ? [{ ...a, shape: b.shape }, { ...b, shape: a.shape }]
    // A main statement tells every colour.
    : [{ ...a, colour: b.colour! }, { ...b, colour: a.colour! }];
  return [
    { ...first, things: first.things.with(i, newA) },
    { ...second, things: second.things.with(j, newB) },
  ];
}

/** Item `index` of the benchmark. */
export function pairItem(swap: PairSwap, seed: number, index: number): PairFoil {
  return drawPairFoil(swap, createRandom(seed, "pairs", swap, index));
}

/**
 * The picture of an item: its two scenes in one.
 *
 * @param size Pixels of the shorter side of the scenes before they are cut and set together.
 */
export function renderPair({ scenes: [first, second] }: PairFoil, size: number): Raster {
  const half = halfOf(first.orientation, size);
  const [a, b] = [first, second].map((scene) => applyOperation(renderScene(scene, size), half));
  return concatenate(a!, b!, first.orientation);
}

async function evaluate(
  encoder: Encoder,
  { items, seed, size }: Required<ScenesBenchmarkOptions>,
): Promise<readonly Evaluation[]> {
  const { dim } = encoder;
  const evaluations: Evaluation[] = [];
  for (const swap of PAIR_SWAPS) {
    const foils = Array.from({ length: items }, (_, index) => pairItem(swap, seed, index));
    const embedded = {
      images: await encoder.images(
        items,
        (index) => Promise.resolve(renderPair(foils[index]!, size)),
      ),
      captions: await embedTexts(encoder, foils.map(({ caption }) => caption)),
      captions2: await embedTexts(encoder, foils.map(({ caption2 }) => caption2)),
      negatives: await embedTexts(encoder, foils.map(({ negative }) => negative)),
    };
    evaluations.push(selectionEvaluation({ category: swap, seed, foils }, embedded, dim));
  }
  return evaluations;
}
