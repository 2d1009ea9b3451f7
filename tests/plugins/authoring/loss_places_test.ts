import { expect } from "expect";
import type { AnyLoss } from "../../../core/loss.ts";
import { lossGraph } from "../../../plugins/authoring/loss_graph.ts";
import { lossPlaces } from "../../../plugins/authoring/loss_places.ts";
import { constant } from "../../../core/graph/node.ts";

const loss: AnyLoss = {
  name: "literal",
  options: {},
  needs: ["caption"],
  pictures: ["other"],
  extras: ["averaged", "tokens"],
  parameters: { scale: { shape: ["width"], initial: ([n]) => new Float32Array(n!).fill(7) } },
  compute: ({ image, images, text, extra, identity, parameters }) => ({
    total: image,
    terms: {
      other: images["other"]!.embeddings,
      own: text["caption"]!,
      teacher: extra.averaged.text["caption"]!,
      tokens: extra.tokens["caption"]!.present,
      picture: identity.picture,
      texts: identity.text["caption"]!,
      scale: parameters["scale"]!,
    },
  }),
  with: () => loss,
};
const test = { batch: 2, dim: 3, groups: { caption: 4 }, pictures: { other: 1 }, logitScale: 10 };

Deno.test("lossPlaces: a shape for everything that the loss reads, the logarithm of the scale last", () => {
  const places = lossPlaces(loss, test);
  expect(places.map(({ name, shape, fixed }) => [name, shape, fixed])).toEqual([
    ["image", [2, 3], false],
    ["images.other", [2, 1, 3], false],
    ["text.caption", [2, 4, 3], false],
    ["extra.averaged.image", [2, 3], true],
    ["extra.averaged.text.caption", [2, 4, 3], true],
    ["extra.tokens.caption", [2, 4, 3, 3], false],
    ["parameters.scale", [4], false],
    ["the logarithm of the logit scale", [], false],
  ]);
  expect(places.at(-1)!.values).toEqual([Math.log(10)]);
  expect(places.at(-2)!.values).toEqual([7, 7, 7, 7]);
  // The same seed draws the same numbers, another others.
  expect(lossPlaces(loss, test)).toEqual(places);
  expect(lossPlaces(loss, { ...test, seed: 1 })[0]!.values).not.toEqual(places[0]!.values);
});

Deno.test("lossGraph: every place arrives under its name; pictures and texts are all different", () => {
  const places = lossPlaces(loss, test);
  const inputs = places.filter(({ fixed }) => !fixed)
    .map(({ shape, values }) => constant(values, shape));
  const { total, terms } = lossGraph(loss, test, places, inputs);
  const shapes = Object.entries({ total, ...terms }).map(([name, { shape }]) => [name, shape]);
  expect(Object.fromEntries(shapes)).toEqual({
    total: [2, 3],
    other: [2, 1, 3],
    own: [2, 4, 3],
    teacher: [2, 4, 3],
    tokens: [2, 4, 3],
    picture: [2],
    texts: [2, 4],
    scale: [4],
  });
  expect(terms["scale"]).toBe(inputs.at(-2));
});
