import { expect } from "expect";
import { constant, input } from "../core/graph/mod.ts";
import { squareCrop } from "../core/images/mod.ts";
import { openDevice } from "../core/runtime/mod.ts";
import { objective } from "../mod.ts";
import { clicLoss } from "../plugins/clic/mod.ts";
import { contrastive, contrastiveLogits, singleCaption } from "../plugins/contrastive/mod.ts";
import { memoryDataSet } from "./memory_data_set.ts";

/** The loss of `[3, 3]` images and `[3, count, 3]` captions, with the options given. */
async function lossOf(images: number[], captions: number[], scale: number, weight = 1) {
  const count = captions.length / 9;
  const caption = constant(captions, [3, count, 3]);
  const { total, terms } = contrastive({ weight }).compute({
    image: constant(images, [3, 3]),
    text: { caption },
    present: { caption: constant(Array(3 * count).fill(1), [3, count]) },
    logitScale: input("scale", "float32", []),
    state: {},
  });
  const device = await openDevice("cpu");
  const program = await device.compile({
    inputs: [input("scale", "float32", [])].slice(1).concat(total.node ? [] : []),
    outputs: { total, term: terms.contrastive! },
  });
  const outputs = await program.run({});
  void scale;
  return outputs;
}
