import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { concat } from "../../../core/graph/shape.ts";
import { createRandom } from "../../../core/random.ts";
import { openFrozenGraph } from "../../../plugins/onnx/frozen_graph.ts";
import { openTextDecoder } from "../../../plugins/onnx/text_decoder.ts";
import { textReconstruction } from "../../../plugins/onnx/text_reconstruction.ts";
import { localAssets as assets } from "../../helpers/local_assets.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { withFolder } from "../../helpers/with_folder.ts";

const folder = new URL("../../golden/methods/read_clip_decoder", import.meta.url).pathname;
const random = createRandom(3);
const VOCABULARY = 32;
const one = Array.from({ length: 16 }, () => random.normal());
const state = constant(Array.from({ length: VOCABULARY }, () => one).flat(), [VOCABULARY, 16]);

Deno.test("openTextDecoder: the costs of all possible next tokens are those of one distribution", async () => {
  const decoder = await openTextDecoder(folder, 77, assets);
  expect(decoder.width).toBe(16);
  const held = Object.fromEntries(
    Object.entries(decoder.parameters).map(([name, { shape, initial, trained }]) => {
      expect(trained).toBe(false);
      const numbers = shape as readonly number[];
      return [name, constant([...initial(numbers, random)], numbers)];
    }),
  );
  // Row i: the tokens 5 and i, and nothing behind them.
  const ids = Array.from({ length: VOCABULARY }, (_, i) => [5, i, -1]).flat();
  const { costs, counted } = decoder.costs(state, constant(ids, [VOCABULARY, 3], "int64"), held);
  const values = await evaluateGraph(concat([costs, counted], 1));
  const of = (place: number) =>
    Array.from({ length: VOCABULARY }, (_, i) => values[6 * i + place]!);
  expect([3, 4, 5].map((place) => new Set(of(place)))).toEqual([1, 1, 0].map((x) => new Set([x])));
  // e^−cost adds up to 1 over the second token; the first one does not know what comes after it.
  expect(of(1).reduce((sum, cost) => sum + Math.exp(-cost), 0)).toBeCloseTo(1, 5);
  for (const cost of of(0)) expect(cost).toBeCloseTo(values[0]!, 5);
});

Deno.test("openFrozenGraph: names the output that is missing", async () => {
  await expect(openFrozenGraph(`${folder}/decoder_model.onnx`, "logit", "x.", assets))
    .rejects.toThrow(/decoder_model\.onnx: expected the output logit, found logits/);
});

Deno.test("openTextDecoder: a folder without a decoder, or with a configuration that says too little", () =>
  withFolder(async (empty) => {
    const config = { d_model: 16, decoder_start_token_id: 0 };
    await Deno.writeTextFile(`${empty}/config.json`, JSON.stringify(config));
    await expect(openTextDecoder(empty, 77, assets)).rejects
      .toThrow(/expected decoder_model\.onnx in it or in its folder onnx/);
    await Deno.writeTextFile(`${empty}/config.json`, JSON.stringify({ d_model: 16 }));
    await expect(openTextDecoder(empty, 77, assets)).rejects
      .toThrow(/config\.json: decoder_start_token_id/);
  }));

Deno.test("textReconstruction: is refused before it is made ready", () => {
  const loss = textReconstruction({ decoder: folder });
  expect(() => loss.reads!.label!.encode("a dog")).toThrow(/expected prepare\(\) to be called/);
});
