import { expect } from "expect";
import { constant } from "../../../core/graph/node.ts";
import { importGraph } from "../../../core/graph/onnx/import_graph.ts";
import { parseModel } from "../../../core/graph/onnx/parse_model.ts";
import { topologicalOrder } from "../../../core/graph/topology.ts";
import { towerGraphs } from "../../../plugins/export/tower_graphs.ts";
import { relativeDifference } from "../../helpers/compare.ts";
import { evaluateGraph } from "../../helpers/evaluate_graph.ts";
import { miniClip } from "../../helpers/small_clip.ts";

Deno.test("towerGraphs: OpenAI's activation too is read again as it was written", async () => {
  const model = miniClip(1);
  const weights = await model.read();
  const pixels = constant(Float32Array.from({ length: 2 * 3 * 64 }, (_, i) => Math.sin(i)), [
    2,
    3,
    8,
    8,
  ]);
  const bytes = towerGraphs(model, weights, { precision: "float32", batch: undefined })
    .vision_model("image_embeds");
  const read = importGraph(parseModel(bytes, "vision_model.onnx"), {
    inputs: new Map([["pixel_values", pixels]]),
  }).get("image_embeds")!;
  const written = model.image.encode(pixels, (name) => {
    const { data, shape } = weights.get(name)!;
    return constant(data, shape);
  });
  expect(topologicalOrder([read]).some(({ op }) => op === "QuickGelu")).toBe(true);
  const [found, expected] = [await evaluateGraph(read), await evaluateGraph(written)];
  expect(relativeDifference(found, expected)).toBeLessThan(1e-5);
});
