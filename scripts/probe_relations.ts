/**
 * Whether a model's picture embeddings hold where two objects stand: of drawn scenes with two given
 * shapes (all else drawn), a linear classifier of the embeddings says where the one is, seen from the
 * other. Also the mean cosine of two pictures of the same objects in exchanged places.
 *
 *   deno run -A scripts/probe_relations.ts tiny sighted
 *
 * prints the accuracy on other scenes (chance 25 %), the mean over some pairs of shapes.
 */
import { createRandom } from "../core/random.ts";
import { dotRows } from "../core/scoring/rows.ts";
import { loadModel } from "../plugins/app/models/load_model.ts";
import {
  applyClassifier,
  fitLogisticRegression,
} from "../plugins/benchmarks/classification/logistic_regression.ts";
import { exchangePlaces } from "../plugins/scenes/exchange.ts";
import { renderScene } from "../plugins/scenes/render.ts";
import { drawScene, type Scene } from "../plugins/scenes/scene.ts";
import { clearLinks } from "../plugins/scenes/sentences.ts";
import { RELATIONS, type Shape } from "../plugins/scenes/vocabulary.ts";

const PAIRS: readonly (readonly [Shape, Shape])[] = [
  ["circle", "box"],
  ["star", "heart"],
  ["ring", "triangle"],
  ["cross", "diamond"],
];

/** Scenes of each part: as many are trained on as are judged. */
const SCENES = 400;

const SIZE = 48;

function drawPair([first, second]: readonly [Shape, Shape], index: number): Scene {
  const random = createRandom(0, "probe", first, second, index);
  const { objects, ...scene } = drawScene(random, { least: 2, most: 2 });
  const shapes = [first, second];
  return { ...scene, objects: objects.map((object, at) => ({ ...object, shape: shapes[at]! })) };
}

function labelOf({ objects }: Scene): number {
  const { relation } = clearLinks(objects).find(({ subject }) => subject === 0)!;
  return RELATIONS.indexOf(relation);
}

for (const reference of Deno.args) {
  await using model = await loadModel(reference, { device: "cpu" });
  const { dim } = model;
  const embed = async (scenes: readonly Scene[]) => {
    const rows = await model.embedImages(scenes.map((scene) => renderScene(scene, SIZE)));
    return Float32Array.from(rows.flatMap((row) => [...row]));
  };
  let [right, all, cosines] = [0, 0, 0];
  for (const pair of PAIRS) {
    const scenes = Array.from({ length: 2 * SCENES }, (_, index) => drawPair(pair, index));
    const rows = await embed(scenes);
    const labels = scenes.map(labelOf);
    const classifier = fitLogisticRegression(
      rows.subarray(0, SCENES * dim),
      labels.slice(0, SCENES),
      { dim, classes: RELATIONS.length, c: 316, maxIterations: 500 },
    );
    const logits = applyClassifier(classifier, rows.subarray(SCENES * dim), dim);
    const exchanged = await embed(scenes.map(exchangePlaces));
    for (let row = 0; row < SCENES; row++) {
      const own = logits.subarray(row * RELATIONS.length, (row + 1) * RELATIONS.length);
      right += Number(own.indexOf(Math.max(...own)) === labels[SCENES + row]);
      all++;
    }
    for (let row = 0; row < scenes.length; row++) {
      cosines += dotRows(rows, row, exchanged, row, dim) / scenes.length / PAIRS.length;
    }
  }
  console.log(
    `${reference}: ${(100 * right / all).toFixed(1)} % of ${all} relations; cosine of exchanged ` +
      `places ${cosines.toFixed(4)}`,
  );
}
